import { ApiError } from '../../../../shared/api/client.ts';
import type { Conversation, ConversationDetail, DraftKind, Message, Note, Page } from '../../../../shared/api/types.ts';
import type { LiveEvent } from '../../../../shared/live/frames.ts';
import { inbox } from '../inbox/inbox.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { Draft } from './draft.svelte.ts';
import {
  addMessages,
  addNote,
  applyThreadEvent,
  dropOutgoing,
  emptyThread,
  lastSeq,
  leavesGap,
  queueOutgoing,
  turnChanged,
  withConversation,
  withDetail,
  type ThreadState,
} from './thread.ts';
import { Writers } from './typing.svelte.ts';

const PAGE = 100;
/** How often a typing signal is repeated while keys are pressed; the other side forgets it after 8 s. */
const TYPING_MS = 3_000;

/** The open conversation: its content, its drafts, and everything that can be done to it. */
export class Thread {
  readonly id: string;
  state = $state.raw<ThreadState>(emptyThread);
  /** 404 and 403 alike: there is no such conversation for us. */
  missing = $state(false);
  failed = $state(false);
  hasOlder = $state(false);
  loadingOlder = $state(false);
  /** The last seq read before opening: where the "new" divider stands. */
  unreadAfter = $state<number | null>(null);
  /** What the composer writes: an answer to the customer or a note among staff. */
  mode = $state<DraftKind>('reply');
  /** A supervisor who has barged in writes beside the colleague who has it. */
  joined = $state(false);
  readonly writers = new Writers();
  readonly drafts: Record<DraftKind, Draft>;

  readonly detail = $derived(this.state.detail);
  readonly mine = $derived(
    this.detail?.status === 'active' && this.detail.assigned_staff?.staff_id === session.me?.staff_id,
  );
  readonly others = $derived(this.detail?.viewers.filter((viewer) => viewer.staff_id !== session.me?.staff_id) ?? []);

  #readSeq = 0;
  #typed: { kind: DraftKind; at: number } | null = null;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #refetch: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly #stops: (() => void)[];

  constructor(id: string) {
    this.id = id;
    const drafted = () => inbox.drafted(id, Boolean(this.drafts.reply.body || this.drafts.note.body));
    this.drafts = { reply: new Draft(id, 'reply', drafted), note: new Draft(id, 'note', drafted) };
    if (!session.replies) this.mode = 'note';
    this.#stops = [
      live.listen({ ready: () => this.#ready(), events: (events) => this.#receive(events) }),
      live.follow(id),
    ];
    live.send({ type: 'viewing', conversation_id: id, viewing: true });
    void this.load();
  }

  close(): void {
    this.#closed = true;
    this.#stopTyping();
    clearTimeout(this.#refetch);
    for (const draft of Object.values(this.drafts)) draft.flush();
    live.send({ type: 'viewing', conversation_id: this.id, viewing: false });
    for (const stop of this.#stops) stop();
    this.writers.clear();
  }

  async load(): Promise<void> {
    try {
      const detail = await this.#loadDetail();
      const page = await api.get<Page<Message>>(`${this.#path}/messages`, {
        query: { after_seq: Math.max(0, detail.last_seq - PAGE), limit: PAGE },
      });
      this.state = addMessages(this.state, page.items);
      this.hasOlder = (this.state.messages[0]?.seq ?? 1) > 1;
      this.unreadAfter = readBefore(this.state.messages, detail.unread ?? 0);
      this.failed = false;
      await this.#catchUp();
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) this.missing = true;
      else this.failed = true;
    }
  }

  async older(): Promise<void> {
    const first = this.state.messages[0];
    if (!first || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const page = await api.get<Page<Message>>(`${this.#path}/messages`, { query: { before_seq: first.seq, limit: PAGE } });
      this.state = addMessages(this.state, page.items);
      this.hasOlder = (this.state.messages[0]?.seq ?? 1) > 1 && page.items.length > 0;
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Tells the server how far we have read; only called while the messages are in sight. */
  read(): void {
    const seq = lastSeq(this.state);
    if (seq <= this.#readSeq) return;
    this.#readSeq = seq;
    inbox.read(this.id);
    void api.put(`${this.#path}/read`, { seq }).catch(() => undefined);
  }

  typing(kind: DraftKind): void {
    clearTimeout(this.#typingEnds);
    this.#typingEnds = setTimeout(() => this.#stopTyping(), TYPING_MS + 2_000);
    if (this.#typed?.kind === kind && Date.now() - this.#typed.at < TYPING_MS) return;
    this.#typed = { kind, at: Date.now() };
    live.send({ type: 'typing', conversation_id: this.id, typing: true, kind });
  }

  /** Shows the reply at once; the server's copy takes its place, or it is marked as failed. */
  async reply(text: string): Promise<void> {
    this.drafts.reply.clear();
    this.#stopTyping();
    await this.#deliver(crypto.randomUUID(), text);
  }

  async retry(clientId: string): Promise<void> {
    const item = this.state.outgoing.find((other) => other.clientId === clientId);
    if (item?.state === 'failed') await this.#deliver(clientId, item.text);
  }

  /** Gives the text of a failed reply back to the composer. */
  discard(clientId: string): void {
    const item = this.state.outgoing.find((other) => other.clientId === clientId);
    this.state = dropOutgoing(this.state, clientId);
    if (item && !this.drafts.reply.body) this.drafts.reply.write(item.text);
  }

  async note(body: string): Promise<void> {
    this.#stopTyping();
    this.state = addNote(this.state, await api.post<Note>(`${this.#path}/notes`, { body }));
    this.drafts.note.clear();
  }

  async whisper(body: string): Promise<void> {
    const note = await api.post<Note>(`${this.#path}/whisper`, { body });
    this.state = addNote(this.state, { ...note, kind: 'whisper' });
  }

  takeOver(force = false): Promise<void> {
    return this.act('takeover', force ? { force } : {});
  }

  handBack(): Promise<void> {
    return this.act('handback');
  }

  reopen(): Promise<void> {
    return this.act('reopening');
  }

  hold(on: boolean): Promise<void> {
    return this.#changed(api.call<Conversation>(on ? 'POST' : 'DELETE', `${this.#path}/hold`, on ? { body: {} } : {}));
  }

  /** Calls one of the conversation's actions and shows the conversation as it is after it. */
  act(action: string, body: object = {}): Promise<void> {
    return this.#changed(api.post<Conversation>(`${this.#path}/${action}`, body));
  }

  edit(fields: Partial<Pick<Conversation, 'priority' | 'tags' | 'category' | 'user_name' | 'user_email' | 'user_phone'>>): Promise<void> {
    return this.#changed(api.patch<Conversation>(this.#path, fields));
  }

  get #path(): string {
    return `/conversations/${encodeURIComponent(this.id)}`;
  }

  async #changed(call: Promise<Conversation>): Promise<void> {
    const row = await call;
    inbox.put(row);
    this.state = withConversation(this.state, row);
    this.#refetchSoon();
  }

  async #loadDetail(): Promise<ConversationDetail> {
    const detail = await api.get<ConversationDetail>(this.#path);
    if (this.#closed) return detail;
    this.state = withDetail(this.state, detail);
    this.drafts.reply.adopt(detail.draft_reply);
    this.drafts.note.adopt(detail.draft_note);
    inbox.put(row(detail));
    return detail;
  }

  /** Fetches every message after the last one we have. */
  async #catchUp(): Promise<void> {
    for (;;) {
      const page = await api.get<Page<Message>>(`${this.#path}/messages`, {
        query: { after_seq: lastSeq(this.state), limit: 500 },
      });
      this.state = addMessages(this.state, page.items);
      if (page.items.length < 500) return;
    }
  }

  #ready(): void {
    live.send({ type: 'viewing', conversation_id: this.id, viewing: true });
    if (!this.detail) {
      if (this.failed) void this.load();
      return;
    }
    void this.#catchUp().catch(() => undefined);
    this.#refetchSoon();
    for (const item of this.state.outgoing) {
      if (item.state === 'failed' && item.offline) void this.#deliver(item.clientId, item.text);
    }
  }

  #receive(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'typing') {
        if (event.data.conversation_id === this.id && event.data.staff_id !== session.me?.staff_id) this.writers.apply(event.data);
        continue;
      }
      const before = this.state;
      this.state = applyThreadEvent(before, this.id, event);
      if (event.type === 'message.new' && event.data.conversation_id === this.id) {
        if (leavesGap(before, event.data)) void this.#catchUp().catch(() => undefined);
        if (event.data.role === 'user') this.writers.spoke('customer', null);
        else if (event.data.staff_id) this.writers.spoke('staff', event.data.staff_id);
      }
      if (before.detail && this.detail && before.detail !== this.detail && turnChanged(before.detail, this.detail)) {
        this.#refetchSoon();
      }
    }
  }

  /** Looks again: something was done to the conversation from outside. */
  refresh(): void {
    void this.#catchUp().catch(() => undefined);
    this.#refetchSoon();
  }

  #refetchSoon(): void {
    clearTimeout(this.#refetch);
    this.#refetch = setTimeout(() => void this.#loadDetail().catch(() => undefined), 60);
  }

  async #deliver(clientId: string, text: string): Promise<void> {
    this.state = queueOutgoing(this.state, { clientId, text, at: new Date().toISOString(), state: 'sending' });
    try {
      const message = await api.post<Message>(`${this.#path}/messages`, { message: text, client_message_id: clientId });
      this.state = addMessages(this.state, [message]);
      this.state = dropOutgoing(this.state, clientId);
      if (leavesGap(this.state, message)) await this.#catchUp();
    } catch (error) {
      const offline = error instanceof ApiError && (error.offline || error.status >= 500);
      const reason = error instanceof ApiError && !error.offline ? error.message : '';
      const at = new Date().toISOString();
      this.state = queueOutgoing(this.state, { clientId, text, at, state: 'failed', offline, reason });
    }
  }

  #stopTyping(): void {
    clearTimeout(this.#typingEnds);
    if (!this.#typed) return;
    live.send({ type: 'typing', conversation_id: this.id, typing: false, kind: this.#typed.kind });
    this.#typed = null;
  }
}

/** The seq before the first of the last `unread` customer messages; null when nothing is unread. */
function readBefore(messages: readonly Message[], unread: number): number | null {
  if (unread <= 0) return null;
  const fromCustomer = messages.filter((message) => message.role === 'user');
  const first = fromCustomer[Math.max(0, fromCustomer.length - unread)];
  return first ? first.seq - 1 : null;
}

/** The list row inside a detail; the list has no use for the rest of it. */
function row(detail: ConversationDetail): Conversation {
  const { notes, turns, handover_card, viewers, draft_reply, draft_note, rating_comment, duration_seconds, session_id, ...rest } = detail;
  void [notes, turns, handover_card, viewers, rating_comment, duration_seconds, session_id];
  return { ...rest, draft: Boolean(draft_reply?.body || draft_note?.body) };
}
