// One customer's chat: what is known of it, how it stays current, and what the customer can do. No DOM here.
import type { LiveEvent, ServerFrame } from '../../shared/live/frames.ts';
import { LiveSocket, type LinkState } from '../../shared/live/socket.ts';
import { Api, ApiError } from './api.ts';
import type { Config } from './config.ts';
import { Memory, type Saved } from './memory.ts';
import { Outbox } from './outbox.ts';
import { plainName } from './text.ts';
import { insert, solidSeq, unread } from './thread.ts';
import type { Conversation, Message } from './types.ts';

/** new: nothing started; starting: on its way; open: a chat; lost: the server does not know our token any more. */
export type Phase = 'new' | 'starting' | 'open' | 'lost';
export type Notice = 'busy' | 'refused' | 'email';

export interface Visitor {
  name: string;
  email: string;
}

/** Messages asked for at a time. */
const PAGE = 100;
/** Someone who stops without a word is taken to have stopped after this. */
const TYPING_MS = 6_000;
/** While typing we say so this often; after a pause of the same length and a bit we say that it stopped. */
const TYPING_EVERY_MS = 3_000;

export class Session {
  phase: Phase = 'new';
  conversation: Conversation | null = null;
  readonly messages: Message[] = [];
  link: LinkState['kind'] = 'stopped';
  /** The first load is not here yet. */
  loading = false;
  /** Who is writing to the customer; '' when that is not known. */
  typing: string | null = null;
  notice: Notice | null = null;
  readonly memory: Memory;
  /** Something above changed: draw it. */
  onChange: () => void = () => {};

  readonly #config: Config;
  readonly #api: Api;
  #saved: Saved | null = null;
  #outbox: Outbox;
  #live: LiveSocket | null = null;
  #loaded = false;
  /** Counts what was learnt about the conversation. */
  #changes = 0;
  #refreshing: Promise<void> | null = null;
  #troubled = false;
  #language: () => string;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #ownTyping = 0;
  #ownTypingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(config: Config, language: () => string) {
    this.#config = config;
    this.#language = language;
    this.#api = new Api(config.base);
    this.memory = new Memory(config.base);
    this.#outbox = this.#newOutbox();
    let saved = this.memory.load();
    // Another person signed in on this device: the last person's chat is not theirs to read.
    if (saved && config.email && saved.email !== config.email) {
      this.memory.clear();
      saved = null;
    }
    if (saved) this.#open(saved);
    this.memory.watch(() => this.#otherTab());
  }

  get outbox() {
    return this.#outbox.items;
  }

  get unread(): number {
    return unread(this.messages, this.#saved?.read ?? 0);
  }

  /** The oldest message held is not the first of the chat. */
  get hasEarlier(): boolean {
    return this.#loaded && (this.messages[0]?.seq ?? 1) > 1;
  }

  /** Starts a chat; false (with a notice) when that failed. */
  async start(visitor: Visitor): Promise<boolean> {
    if (this.phase === 'starting') return false;
    this.phase = 'starting';
    this.notice = null;
    this.onChange();
    const body: Record<string, string> = { language: this.#language() };
    if (visitor.name) body['name'] = visitor.name;
    if (visitor.email) body['email'] = visitor.email;
    if (this.#config.scenario) body['scenario'] = this.#config.scenario;
    try {
      const started = await this.#api.start(body);
      const saved = { id: started.conversation_id, token: started.token, read: 0, ...visitor };
      this.memory.save(saved);
      this.#open(saved);
      for (const message of started.messages ?? []) this.#accept(message);
      return true;
    } catch (error) {
      this.phase = 'new';
      this.#fail(error);
      return false;
    }
  }

  send(text: string): void {
    this.#sayTyping(false);
    this.notice = null;
    this.#outbox.add(text);
  }

  retry(id: string): void {
    this.#outbox.retry(id);
  }

  async handover(): Promise<void> {
    await this.#act((id, token) => this.#api.handover(id, token), (answer, asOf) => this.#apply(answer, asOf));
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.#act((id, token) => this.#api.rate(id, token, score, comment), () => this.#apply({ rating: score }));
  }

  async earlier(): Promise<void> {
    const first = this.messages[0]?.seq ?? 1;
    await this.#act(
      (id, token) => this.#api.messages(id, token, `before_seq=${first}&limit=${PAGE}`),
      (older) => older.forEach((message) => this.#accept(message)),
    );
  }

  /** Forgets this chat on this device; what could not be sent in it is the draft of the next. */
  reset(): void {
    const unsent = this.outbox.map(({ text }) => text).join('\n');
    this.memory.clear();
    this.memory.saveDraft(unsent);
    this.#close();
    this.onChange();
  }

  /** The customer has everything on the screen. */
  seen(): void {
    const last = this.messages.at(-1)?.seq ?? 0;
    if (!this.#saved || last <= this.#saved.read) return;
    this.#saved.read = last;
    this.memory.save(this.#saved);
    this.onChange();
  }

  /** The customer changed the text in the composer. */
  typed(text: string): void {
    this.memory.saveDraft(text);
    if (!text) return this.#sayTyping(false);
    clearTimeout(this.#ownTypingTimer);
    this.#ownTypingTimer = setTimeout(() => this.#sayTyping(false), TYPING_EVERY_MS + 1_000);
    if (Date.now() - this.#ownTyping >= TYPING_EVERY_MS) this.#sayTyping(true);
  }

  /** The network or the page is back: do not wait for the next try. */
  hurry(): void {
    this.#live?.hurry();
  }

  #newOutbox(): Outbox {
    return new Outbox(
      this.memory,
      {
        bySocket: (out) =>
          this.link === 'open' &&
          this.#live!.send({
            type: 'message',
            conversation_id: this.#saved!.id,
            message: out.text,
            client_message_id: out.id,
            ref: out.id,
          }),
        byPost: (out) => this.#api.send(this.#saved!.id, this.#saved!.token, out.text, out.id),
        delivered: (message) => this.#accept(message),
        // The message itself says that it is not sent. Perhaps the chat is not what we think it is.
        refused: (error) => {
          if (!error.passing) this.#refresh().catch(() => {});
          this.onChange();
        },
        changed: () => this.onChange(),
      },
      this.memory.outbox(),
    );
  }

  #open(saved: Saved): void {
    this.#close();
    this.#saved = saved;
    this.phase = 'open';
    this.loading = true;
    this.#outbox = this.#newOutbox();
    const live: LiveSocket = new LiveSocket({
      url: () => this.#config.base.replace(/^http/, 'ws') + 'ws/' + saved.id,
      token: () => this.#token(saved),
      onState: (state) => live === this.#live && this.#linkChanged(state),
      onReady: (fresh) => live === this.#live && this.#ready(fresh),
      onEvents: (events) => live === this.#live && events.forEach((event) => this.#event(event)),
      onFrame: (frame) => live === this.#live && this.#frame(frame),
    });
    this.#live = live;
    live.subscribe('conversation:' + saved.id);
    live.start();
  }

  #close(): void {
    const live = this.#live;
    this.#live = null;
    live?.stop();
    this.#outbox.stop();
    this.#saved = this.conversation = this.typing = this.notice = null;
    this.#refreshing = null;
    this.messages.length = 0;
    this.#loaded = this.loading = this.#troubled = false;
    this.phase = 'new';
    this.link = 'stopped';
    this.#outbox = this.#newOutbox();
  }

  /**
   * Asked before every connection. After a failed one we ask by HTTP first: a browser does not tell why an
   * upgrade was refused, and where sockets are blocked altogether this is what still brings the messages.
   */
  async #token(saved: Saved): Promise<string | null> {
    if (this.#troubled) await this.#refresh();
    return this.#saved === saved && this.phase === 'open' ? saved.token : null;
  }

  #linkChanged(state: LinkState): void {
    this.link = state.kind;
    if (state.kind === 'waiting') {
      this.#troubled = true;
      this.typing = null;
      this.#outbox.disconnected();
    }
    this.onChange();
  }

  #ready(fresh: boolean): void {
    this.#troubled = false;
    if (fresh || !this.#loaded) this.#refresh().catch(() => {});
    else this.#outbox.resume();
  }

  #frame(frame: ServerFrame): void {
    if (frame.type === 'ack' && frame.message) this.#accept(frame.message);
    // An error for a message: the POST that follows says what is wrong, in words with a status.
    if (frame.type === 'error' && frame.ref) this.#outbox.disconnected();
    // The place in line moves when others are served, which is no event of this chat.
    if (frame.type === 'heartbeat' && this.conversation?.handler === 'queue') this.#refresh().catch(() => {});
  }

  #event(event: LiveEvent): void {
    switch (event.type) {
      case 'message.new':
        this.#accept(event.data);
        break;
      case 'conversation.update':
        this.#apply(event.data as unknown as Partial<Conversation>);
        break;
      case 'typing':
        if (event.data.who === 'staff') this.#theyType(event.data.typing, event.data.name ?? '');
        break;
    }
  }

  #accept(message: Message): void {
    if (message.conversation_id !== this.#saved?.id) return;
    message.sender = plainName(message.sender ?? '');
    const expected = solidSeq(this.messages) + 1;
    const added = insert(this.messages, message);
    if (message.client_message_id) this.#outbox.confirm(message.client_message_id);
    if (added && message.role !== 'user') this.#theyType(false, '');
    // seq has no holes: a jump means that something between is still to be fetched.
    if (this.#loaded && message.seq > expected) this.#refresh().catch(() => {});
    this.onChange();
  }

  /** `asOf`: #changes when the question was asked. What came while its answer was on its way is newer than it. */
  #apply(change: Partial<Conversation>, asOf = this.#changes): void {
    const newer = asOf < this.#changes++ ? this.conversation : null;
    this.conversation = { ...(this.conversation ?? blank(this.#saved?.id ?? '')), ...change, ...newer };
    this.onChange();
  }

  #refresh(): Promise<void> {
    return (this.#refreshing ??= this.#fetch().finally(() => (this.#refreshing = null)));
  }

  async #fetch(): Promise<void> {
    const saved = this.#saved;
    if (!saved) return;
    try {
      const asOf = this.#changes;
      const conversation = await this.#api.conversation(saved.id, saved.token);
      if (this.#saved !== saved) return;
      this.#apply(conversation, asOf);
      let after = this.#loaded ? solidSeq(this.messages) : Math.max(0, (conversation.last_seq ?? 0) - PAGE);
      for (let more = true; more; ) {
        const items = await this.#api.messages(saved.id, saved.token, `after_seq=${after}&limit=${PAGE}`);
        if (this.#saved !== saved) return;
        items.forEach((message) => insert(this.messages, message));
        for (const { client_message_id } of items) if (client_message_id) this.#outbox.confirm(client_message_id);
        more = items.length >= PAGE;
        after = items.at(-1)?.seq ?? after;
      }
      this.#loaded = true;
      this.loading = false;
      this.#outbox.resume();
    } catch (error) {
      if (this.#saved === saved && error instanceof ApiError && error.gone) this.#lose();
      throw error;
    }
  }

  #lose(): void {
    this.memory.clear();
    this.#close();
    this.phase = 'lost';
    this.onChange();
  }

  async #act<T>(
    call: (id: string, token: string) => Promise<T>,
    done: (answer: T, asOf: number) => void,
  ): Promise<void> {
    const saved = this.#saved;
    if (!saved) return;
    this.notice = null;
    const asOf = this.#changes;
    try {
      const answer = await call(saved.id, saved.token);
      if (this.#saved === saved) done(answer, asOf);
    } catch (error) {
      if (this.#saved === saved) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    this.notice = error.status && error.passing ? 'busy' : 'refused';
    // What we showed may be out of date (closed meanwhile, taken over, already rated).
    if (!error.passing) this.#refresh().catch(() => {});
    this.onChange();
  }

  #theyType(typing: boolean, name: string): void {
    clearTimeout(this.#typingTimer);
    this.typing = typing ? plainName(name) : null;
    if (typing) this.#typingTimer = setTimeout(() => this.#theyType(false, ''), TYPING_MS);
    this.onChange();
  }

  #sayTyping(typing: boolean): void {
    if (!typing) clearTimeout(this.#ownTypingTimer);
    if (!typing && !this.#ownTyping) return;
    this.#ownTyping = typing ? Date.now() : 0;
    if (this.#saved) this.#live?.send({ type: 'typing', conversation_id: this.#saved.id, typing });
  }

  #otherTab(): void {
    const saved = this.memory.load();
    if (saved && saved.id !== this.#saved?.id) this.#open(saved);
    else if (saved && this.#saved) this.#saved.read = Math.max(this.#saved.read, saved.read);
    else if (!saved && this.#saved) this.#close();
    this.onChange();
  }
}

function blank(id: string): Conversation {
  return { conversation_id: id, status: 'bot', handler: 'bot', assigned_staff: null, queue_position: null };
}
