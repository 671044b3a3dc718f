// Where the customer writes: before the chat with the two optional fields above it, later alone.
import { remaining } from '../../shared/text/draft.ts';
import { attribute, h, icon } from './dom.ts';
import type { Session, Visitor } from './session.ts';
import type { Words } from './texts.ts';

/** The server's own limit is far above; a customer who pastes a book should notice here. */
const MAX_LENGTH = 4_000;
const MAX_ROWS_PX = 132;

export class Composer {
  readonly element: HTMLFormElement;
  readonly #text: HTMLTextAreaElement;
  readonly #button: HTMLButtonElement;
  readonly #session: Session;
  readonly #words: Words;

  constructor(session: Session, words: Words, submit: (text: string) => void) {
    this.#session = session;
    this.#words = words;
    this.#text = h('textarea', {
      rows: '1',
      maxlength: MAX_LENGTH,
      dir: 'auto',
      enterkeyhint: 'send',
      oninput: () => {
        session.typed(this.#text.value);
        this.#fit();
      },
      onkeydown: (event: KeyboardEvent) => {
        // While an input method composes, Enter picks a word.
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.element.requestSubmit();
      },
    });
    this.#button = h('button', { type: 'submit', class: 'send', 'aria-label': words.say('send') }, icon('send-horizontal'));
    this.element = h(
      'form',
      {
        class: 'composer',
        onsubmit: (event: Event) => {
          event.preventDefault();
          const text = this.#text.value.trim();
          if (text && session.phase !== 'starting') submit(text);
        },
      },
      this.#text,
      this.#button,
    );
    this.restore();
  }

  draw(): void {
    const resolved = this.#session.conversation?.status === 'resolved';
    const label = this.#words.say(resolved ? 'reopen' : 'compose');
    attribute(this.#text, 'aria-label', label);
    attribute(this.#text, 'placeholder', label);
    this.#fit();
  }

  /** Empty again, but for what was typed meanwhile. */
  sent(text: string): void {
    this.#session.memory.saveDraft(remaining(this.#text.value, text));
    this.restore();
  }

  restore(): void {
    this.#text.value = this.#session.memory.draft();
    this.#fit();
  }

  focus(): void {
    this.#text.focus();
  }

  /** Grows with the text; no `field-sizing`, which not every browser has. */
  #fit(): void {
    const style = this.#text.style;
    style.height = 'auto';
    if (this.#text.scrollHeight) style.height = Math.min(this.#text.scrollHeight, MAX_ROWS_PX) + 'px';
    this.#button.classList.toggle('ready', this.#text.value.trim() !== '' && this.#session.phase !== 'starting');
  }
}

/** What is shown before a chat: a welcome, and name and e-mail unless the page knows them. */
export class Intro {
  readonly element: HTMLElement;
  readonly #fields = new Map<keyof Visitor, HTMLInputElement>();
  readonly #known: Visitor;
  readonly #problem: HTMLElement;
  readonly #session: Session;

  constructor(session: Session, words: Words, known: Visitor) {
    this.#session = session;
    this.#known = known;
    this.#problem = h('p', { class: 'problem', id: 'bad-email', hidden: true }, words.say('badEmail'));
    this.element = h(
      'div',
      { class: 'intro' },
      h('h3', {}, words.say('hello')),
      h('p', {}, words.say('intro')),
      !known.name && this.#field('name', words, { type: 'text', autocomplete: 'name', maxlength: 100, dir: 'auto' }),
      !known.email && this.#field('email', words, { type: 'email', autocomplete: 'email', maxlength: 200, dir: 'ltr' }),
      this.#problem,
    );
  }

  draw(): void {
    const bad = this.#session.notice === 'email';
    const email = this.#fields.get('email');
    this.#problem.hidden = !bad;
    if (!email) return;
    attribute(email, 'aria-invalid', bad ? 'true' : null);
    attribute(email, 'aria-describedby', bad ? 'bad-email' : null);
    if (bad) email.focus();
  }

  /** Null, with the notice set, when the e-mail address is none. */
  visitor(): Visitor | null {
    if (this.#fields.get('email')?.checkValidity() === false) {
      this.#session.notice = 'email';
      this.#session.onChange();
      return null;
    }
    const typed = (key: keyof Visitor) => this.#fields.get(key)?.value.trim() ?? '';
    return { name: this.#known.name || typed('name'), email: this.#known.email || typed('email') };
  }

  #field(key: keyof Visitor, words: Words, props: Record<string, unknown>): HTMLElement {
    const input = h('input', props);
    this.#fields.set(key, input);
    return h('label', {}, h('span', {}, words.say(key), ' ', h('small', {}, words.say('optional'))), input);
  }
}
