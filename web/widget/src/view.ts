// The launcher and the panel: what is shown in which state, focus and keys. Built anew when the language changes.
import { Composer, Intro } from './composer.ts';
import type { Config } from './config.ts';
import { attribute, h, icon, setText } from './dom.ts';
import { Log } from './log.ts';
import { Rating } from './rating.ts';
import type { Session } from './session.ts';
import type { TextKey, Words } from './texts.ts';

/** A short break needs no words. */
const QUIET_MS = 1_500;
const NARROW = matchMedia('(max-width: 480px)');

export class View {
  readonly element: HTMLElement;
  open = false;

  readonly #session: Session;
  readonly #words: Words;
  readonly #panel: HTMLElement;
  readonly #launcher: HTMLButtonElement;
  readonly #badge: HTMLElement;
  readonly #news: HTMLElement;
  readonly #line: HTMLElement;
  readonly #lineText: HTMLElement;
  readonly #person: HTMLButtonElement;
  readonly #link: HTMLElement;
  readonly #notice: HTMLElement;
  readonly #over: HTMLElement;
  readonly #intro: Intro;
  readonly #log: Log;
  readonly #rating: Rating;
  readonly #composer: Composer;
  readonly #viewport = () => this.#fitKeyboard();
  #lineKind = '';
  #brokenSince = 0;
  #linkTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, words: Words, config: Config) {
    this.#session = session;
    this.#words = words;
    const say = (key: TextKey) => words.say(key);
    const title = config.title || say('title');

    this.#intro = new Intro(session, words, config);
    this.#log = new Log(session, words);
    this.#rating = new Rating(session, words);
    this.#composer = new Composer(session, words, (text) => void this.#submit(text));
    this.#lineText = h('span');
    this.#line = h('div', { class: 'line', role: 'status' }, this.#lineText);
    this.#person = h('button', { type: 'button', class: 'pill', onclick: () => void this.#wantPerson() }, icon('headset'), say('person'));
    this.#link = h('div', { class: 'link-state', role: 'status' });
    this.#notice = h('div', { class: 'notice', role: 'alert' });
    this.#over = h(
      'div',
      { class: 'over' },
      h('button', { type: 'button', class: 'fill', onclick: () => this.#again() }, say('again')),
    );
    this.#panel = h(
      'section',
      { class: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'title', tabindex: '-1', hidden: true },
      h(
        'div',
        { class: 'head' },
        h('h2', { id: 'title' }, title),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': say('close'), onclick: () => this.toggle(false) }, icon('x')),
      ),
      h('div', { class: 'bar' }, this.#line, this.#person),
      h('div', { class: 'body' }, this.#link, this.#intro.element, this.#log.element),
      this.#rating.element,
      this.#notice,
      this.#over,
      this.#composer.element,
    );
    this.#badge = h('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
    this.#news = h('span', { class: 'hidden', role: 'status' });
    this.#launcher = h(
      'button',
      { type: 'button', class: 'launcher', 'aria-controls': 'panel', onclick: () => this.toggle(!this.open) },
      icon('message-circle'),
      icon('x'),
      this.#badge,
    );

    const left = config.position === 'left' || config.position === (words.direction === 'rtl' ? 'end' : 'start');
    this.element = h(
      'div',
      { class: 'root', lang: words.language, dir: words.direction, 'data-side': left ? 'left' : 'right' },
      this.#panel,
      this.#launcher,
      this.#news,
    );
    // The page must not take what is typed here for its own shortcuts: from outside the target is no text field.
    for (const type of ['keydown', 'keyup', 'keypress'])
      this.element.addEventListener(type, (event) => event.stopPropagation());
    this.#panel.addEventListener('keydown', (event) => this.#key(event));
    visualViewport?.addEventListener('resize', this.#viewport);
    visualViewport?.addEventListener('scroll', this.#viewport);
  }

  destroy(): void {
    clearTimeout(this.#linkTimer);
    visualViewport?.removeEventListener('resize', this.#viewport);
    visualViewport?.removeEventListener('scroll', this.#viewport);
    this.element.remove();
  }

  toggle(open: boolean, focus = true): void {
    this.open = open;
    this.#session.memory.setOpen(open);
    this.#panel.hidden = !open;
    this.draw();
    this.#fitKeyboard();
    if (!focus) return;
    if (!open) this.#launcher.focus();
    // On a touch screen the keyboard would cover what there is to read.
    else if (matchMedia('(pointer: coarse)').matches || this.#composer.element.hidden) this.#panel.focus();
    else this.#composer.focus();
  }

  draw(): void {
    const { phase, conversation } = this.#session;
    const closed = phase === 'lost' || (phase === 'open' && conversation?.status === 'closed');
    const before = phase === 'new' || phase === 'starting';
    if (this.open && !before && !document.hidden) this.#session.seen();

    this.#intro.element.hidden = !before;
    this.#log.element.hidden = before;
    this.#composer.element.hidden = closed;
    this.#over.hidden = !closed && conversation?.status !== 'resolved';
    // A resolved chat can go on, so its way out is the quiet one.
    this.#over.classList.toggle('quiet', !closed);
    this.#intro.draw();
    if (!before) this.#log.draw();
    this.#rating.draw();
    this.#composer.draw();
    this.#drawLauncher();
    this.#drawLine();
    this.#drawLink();
    this.#drawNotice();
  }

  #drawLauncher(): void {
    const { unread } = this.#session;
    const words = this.#words;
    this.element.classList.toggle('open', this.open);
    attribute(this.#launcher, 'aria-expanded', this.open);
    const label = words.say(this.open ? 'close' : 'open');
    attribute(this.#launcher, 'aria-label', unread ? `${label}. ${words.say('unread', { n: unread })}` : label);
    this.#badge.hidden = !unread || this.open;
    setText(this.#badge, unread > 9 ? '9+' : String(unread));
    setText(this.#news, unread && !this.open ? words.say('unread', { n: unread }) : '');
  }

  /** Who has the chat now. */
  #drawLine(): void {
    const { phase, conversation: chat } = this.#session;
    const words = this.#words;
    const person = chat?.assigned_staff?.name || words.say('someone');
    let kind: 'bot' | 'clock' | 'headset' | 'check' = 'bot';
    let text = words.say('assistant');
    if (phase === 'starting') text = words.say('starting');
    else if (phase === 'lost') text = words.say('lost');
    else if (this.#session.loading) text = words.say('loading');
    else if (chat?.status === 'closed' || chat?.status === 'resolved') {
      kind = 'check';
      text = words.say(chat.status);
    } else if (chat?.handler === 'staff') {
      kind = 'headset';
      text = words.say('staff', { name: '\u2068' + person + '\u2069' });
    } else if (chat?.handler === 'queue') {
      kind = 'clock';
      text = words.say('queue');
      if (chat.queue_position) text += ' · ' + words.say('place', { n: chat.queue_position });
    }
    setText(this.#lineText, text);
    if (kind !== this.#lineKind) {
      this.#line.querySelector('.icon')?.remove();
      this.#line.prepend(icon(kind));
      this.#lineKind = kind;
    }
    attribute(this.#line, 'class', 'line ' + kind);
    this.#person.hidden = kind !== 'bot' || phase === 'lost';
    this.#person.disabled = phase === 'starting';
  }

  #drawLink(): void {
    const { phase, link } = this.#session;
    clearTimeout(this.#linkTimer);
    const broken = phase === 'open' && (link !== 'open' || !navigator.onLine);
    this.#brokenSince = broken ? this.#brokenSince || Date.now() : 0;
    const wait = this.#brokenSince + QUIET_MS - Date.now();
    const shown = broken && (wait <= 0 || !navigator.onLine);
    if (broken && !shown) this.#linkTimer = setTimeout(() => this.#drawLink(), wait);
    const key = !navigator.onLine ? 'offline' : this.#session.loading ? 'connecting' : 'reconnecting';
    setText(this.#link, shown ? this.#words.say(key) : '');
  }

  #drawNotice(): void {
    const { notice } = this.#session;
    // A bad address is told at its field.
    setText(this.#notice, notice && notice !== 'email' ? this.#words.say(notice) : '');
  }

  async #submit(text: string): Promise<void> {
    const fresh = this.#session.phase === 'new';
    if (fresh && !(await this.#start())) return;
    this.#session.send(text);
    this.#composer.sent(text);
    if (fresh) this.#composer.focus();
  }

  async #start(): Promise<boolean> {
    const visitor = this.#intro.visitor();
    return visitor !== null && this.#session.start(visitor);
  }

  async #wantPerson(): Promise<void> {
    if (this.#session.phase === 'new' && !(await this.#start())) return;
    await this.#session.handover();
    // The button is gone by now; the place to go on is the composer.
    if (this.#person.hidden) this.#composer.focus();
  }

  #again(): void {
    this.#session.reset();
    this.#composer.restore();
    this.draw();
    this.#composer.focus();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !event.isComposing) {
      event.preventDefault();
      this.toggle(false);
    }
    if (event.key === 'Tab' && NARROW.matches) this.#keepFocus(event);
  }

  /** Full screen hides the page, so Tab must not leave for it. */
  #keepFocus(event: KeyboardEvent): void {
    const all = [...this.#panel.querySelectorAll<HTMLElement>('button, input, textarea, a, [tabindex="0"]')].filter(
      (element) => element.getClientRects().length && !(element as HTMLButtonElement).disabled,
    );
    const focused = (this.element.getRootNode() as ShadowRoot).activeElement;
    const end = event.shiftKey ? all[0] : all.at(-1);
    if (focused !== end && !(event.shiftKey && focused === this.#panel)) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0])?.focus();
  }

  /** The on-screen keyboard shrinks what is visible, not what `fixed` refers to. */
  #fitKeyboard(): void {
    const { style } = this.#panel;
    const full = this.open && NARROW.matches && visualViewport;
    attribute(this.#panel, 'aria-modal', full ? 'true' : null);
    style.height = full ? visualViewport!.height + 'px' : '';
    style.top = full ? visualViewport!.offsetTop + 'px' : '';
  }
}
