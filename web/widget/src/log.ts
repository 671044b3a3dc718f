// The thread on screen. Rows keep their elements, so a screen reader hears each message once and nothing flickers.
import { attribute, h, icon, linked, setText } from './dom.ts';
import type { Session } from './session.ts';
import type { Words } from './texts.ts';
import { rows, type Row } from './thread.ts';

/** This close to the end counts as reading along. */
const NEAR_PX = 80;

type MessageRow = Extract<Row, { kind: 'message' }>;

interface Drawn {
  element: HTMLElement;
  update: (row: Row) => void;
}

export class Log {
  readonly element: HTMLElement;
  readonly #list: HTMLElement;
  readonly #earlier: HTMLButtonElement;
  readonly #latest: HTMLButtonElement;
  readonly #typing: HTMLElement;
  readonly #typingText: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #drawn = new Map<string, Drawn>();
  readonly #session: Session;
  readonly #words: Words;
  #newest = '';
  /** At the end, and to stay there. */
  #reading = true;
  #height = 0;

  constructor(session: Session, words: Words) {
    this.#session = session;
    this.#words = words;
    this.#earlier = h('button', { type: 'button', class: 'pill', onclick: () => void session.earlier() }, words.say('earlier'));
    this.#list = h('div', { role: 'log', class: 'list', 'aria-label': words.say('log') });
    this.#typingText = h('span', { class: 'hidden' });
    this.#typing = h(
      'div',
      { class: 'typing', hidden: true },
      h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      this.#typingText,
    );
    this.#scroller = h(
      'div',
      // A scrollable area must be reachable by keyboard.
      { class: 'scroller', tabindex: '0', role: 'group', 'aria-label': words.say('log'), onscroll: () => this.#scrolled() },
      this.#earlier,
      this.#list,
      this.#typing,
    );
    this.#latest = h(
      'button',
      { type: 'button', class: 'latest', hidden: true, 'aria-label': words.say('latest'), onclick: () => this.toEnd() },
      icon('arrow-down'),
    );
    this.element = h('div', { class: 'log' }, this.#scroller, this.#latest);
    // The panel opens, the keyboard comes up, the rating appears: the end stays in sight.
    new ResizeObserver(() => {
      this.#height = this.#scroller.clientHeight;
      if (this.#reading) this.toEnd();
    }).observe(this.#scroller);
  }

  draw(): void {
    const heightBefore = this.#scroller.scrollHeight;
    const topBefore = this.#scroller.scrollTop;
    const firstBefore = this.#list.firstElementChild;

    // The first load is history, not news: not to be read aloud.
    attribute(this.#list, 'aria-busy', this.#session.loading ? 'true' : null);
    this.#earlier.hidden = !this.#session.hasEarlier;
    const all = rows(this.#session.messages, this.#session.outbox);
    this.#place(all);
    this.#drawTyping();

    const last = all.at(-1);
    const ownNews = last?.kind === 'message' && last.role === 'user' && last.key !== this.#newest;
    this.#newest = last?.key ?? '';
    if (this.#reading || ownNews) this.toEnd();
    else if (firstBefore && this.#list.firstElementChild !== firstBefore)
      this.#scroller.scrollTop = topBefore + this.#scroller.scrollHeight - heightBefore;
    this.#latest.hidden = this.#atEnd;
  }

  toEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  get #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #scrolled(): void {
    // A scroll told together with a new height is not the customer's; the observer is still to come.
    if (this.#scroller.clientHeight !== this.#height) return;
    this.#latest.hidden = this.#reading = this.#atEnd;
  }

  #place(all: Row[]): void {
    const keep = new Set(all.map((row) => row.key));
    for (const [key, { element }] of this.#drawn) {
      if (keep.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
    let after: Element | null = null;
    for (const row of all) {
      let drawn = this.#drawn.get(row.key);
      if (!drawn) this.#drawn.set(row.key, (drawn = row.kind === 'day' ? this.#day(row.at) : this.#message(row)));
      drawn.update(row);
      const place: Element | null = after ? after.nextElementSibling : this.#list.firstElementChild;
      if (place !== drawn.element) this.#list.insertBefore(drawn.element, place);
      after = drawn.element;
    }
  }

  #day(at: string): Drawn {
    const element = h('div', { class: 'day' }, h('span', {}, this.#words.day(at)));
    return { element, update: () => {} };
  }

  #message(made: MessageRow): Drawn {
    const words = this.#words;
    const time = h('time', { datetime: made.at }, words.time(made.at));
    const state = h('span', { class: 'state' });
    const retry = h(
      'button',
      { type: 'button', class: 'link', onclick: () => this.#session.retry(made.key) },
      words.say('retry'),
    );
    const who = h('div', { class: made.role === 'user' ? 'hidden' : 'who' }, ...this.#who(made));
    const meta = h('div', { class: 'meta' }, time, state, retry);
    const element = h('div', { 'data-key': made.key }, who, h('p', { class: 'bubble', dir: 'auto' }, ...linked(made.text)), meta);
    const update = (row: Row) => {
      if (row.kind !== 'message') return;
      attribute(element, 'class', `message ${row.role} ${row.delivery}${row.first ? ' first' : ''}`);
      // The customer's own words need their author said, not shown; a run of one author needs it once.
      who.hidden = !row.first || row.role === 'system';
      meta.hidden = row.role === 'system' || (!row.last && row.delivery === 'none');
      setText(state, row.delivery === 'none' ? '' : words.say(row.delivery));
      retry.hidden = row.delivery !== 'failed' && row.delivery !== 'waiting';
    };
    return { element, update };
  }

  #who(row: MessageRow): Node[] {
    if (row.role === 'user') return [document.createTextNode(this.#words.say('you'))];
    const assistant = row.role === 'ai';
    const name = row.sender || this.#words.say(assistant ? 'assistant' : 'someone');
    return [
      h('span', { class: 'face', 'aria-hidden': 'true' }, assistant ? icon('bot') : initial(name)),
      h('bdi', {}, name),
    ];
  }

  #drawTyping(): void {
    const { typing, conversation } = this.#session;
    this.#typing.hidden = typing === null;
    if (typing === null) return;
    const name = typing || conversation?.assigned_staff?.name || this.#words.say('someone');
    setText(this.#typingText, this.#words.say('writes', { name: '\u2068' + name + '\u2069' }));
  }
}

function initial(name: string): string {
  return [...name][0]?.toLocaleUpperCase() ?? '';
}
