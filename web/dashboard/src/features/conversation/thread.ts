import type { Conversation, ConversationDetail, Message, Note, Viewer } from '../../../../shared/api/types.ts';
import { isHidden, type LiveEvent } from '../../../../shared/live/frames.ts';

/** A reply of ours that the server has not confirmed yet. */
export interface Outgoing {
  readonly clientId: string;
  readonly text: string;
  readonly at: string;
  readonly state: 'sending' | 'failed';
  readonly reason?: string;
  /** It failed for want of a connection, so it is worth trying again by itself. */
  readonly offline?: boolean;
}

/** One open conversation as an immutable value. */
export interface ThreadState {
  readonly detail: ConversationDetail | null;
  /** In order of `seq`, without gaps from the first one loaded. */
  readonly messages: readonly Message[];
  readonly outgoing: readonly Outgoing[];
  readonly hidden: boolean;
}

export const emptyThread: ThreadState = { detail: null, messages: [], outgoing: [], hidden: false };

export function lastSeq(state: ThreadState): number {
  return state.messages.at(-1)?.seq ?? 0;
}

/** Adds messages, each seq once, and drops the outgoing copies that they confirm. */
export function addMessages(state: ThreadState, incoming: readonly Message[]): ThreadState {
  const known = new Set(state.messages.map((message) => message.seq));
  const added = incoming.filter((message) => !known.has(message.seq) && known.add(message.seq));
  const confirmed = new Set(incoming.map((message) => message.client_message_id).filter(Boolean));
  const outgoing = state.outgoing.filter((item) => !confirmed.has(item.clientId));
  if (!added.length) return outgoing.length === state.outgoing.length ? state : { ...state, outgoing };
  const messages = [...state.messages, ...added].sort((a, b) => a.seq - b.seq);
  return { ...state, messages, outgoing };
}

/** A message beyond the next one means that some in between were missed and must be fetched. */
export function leavesGap(state: ThreadState, message: Message): boolean {
  return state.messages.length > 0 && message.seq > lastSeq(state) + 1;
}

export function queueOutgoing(state: ThreadState, item: Outgoing): ThreadState {
  const others = state.outgoing.filter((other) => other.clientId !== item.clientId);
  return { ...state, outgoing: [...others, item] };
}

export function dropOutgoing(state: ThreadState, clientId: string): ThreadState {
  return { ...state, outgoing: state.outgoing.filter((item) => item.clientId !== clientId) };
}

export function withDetail(state: ThreadState, detail: ConversationDetail): ThreadState {
  return { ...state, detail, hidden: false };
}

export function withConversation(state: ThreadState, row: Conversation): ThreadState {
  if (!state.detail || state.detail.version > row.version) return state;
  return { ...state, detail: { ...state.detail, ...row } };
}

export function addNote(state: ThreadState, note: Note): ThreadState {
  if (!state.detail || state.detail.notes.some((known) => known.note_id === note.note_id)) return state;
  return { ...state, detail: { ...state.detail, notes: [...state.detail.notes, note] } };
}

export function applyThreadEvent(state: ThreadState, id: string, event: LiveEvent): ThreadState {
  switch (event.type) {
    case 'message.new':
      return event.data.conversation_id === id && !leavesGap(state, event.data)
        ? addMessages(state, [event.data])
        : state;
    case 'conversation.update':
    case 'conversation.new':
      if (event.data.conversation_id !== id) return state;
      return isHidden(event.data) ? { ...state, hidden: true } : withConversation(state, event.data);
    case 'note.new':
      return event.data.conversation_id === id ? addNote(state, event.data) : state;
    case 'whisper':
      return event.data.conversation_id === id ? addNote(state, { ...event.data, kind: 'whisper' }) : state;
    case 'viewing':
      return event.data.conversation_id === id ? applyViewing(state, event.data) : state;
    default:
      return state;
  }
}

function applyViewing(
  state: ThreadState,
  data: { who: string; staff_id?: string; name?: string; viewing: boolean },
): ThreadState {
  const { detail } = state;
  if (!detail || data.who !== 'staff' || !data.staff_id) return state;
  const others = detail.viewers.filter((viewer) => viewer.staff_id !== data.staff_id);
  const viewer: Viewer = { staff_id: data.staff_id, name: data.name ?? data.staff_id, writing: false };
  return { ...state, detail: { ...detail, viewers: data.viewing ? [...others, viewer] : others } };
}

/** The divider list is part of the detail only: a change of these fields means that it has grown. */
export function turnChanged(before: ConversationDetail, after: Conversation): boolean {
  return (
    before.status !== after.status ||
    before.handler !== after.handler ||
    before.on_hold !== after.on_hold ||
    before.assigned_staff?.staff_id !== after.assigned_staff?.staff_id ||
    before.department?.slug !== after.department?.slug ||
    before.rating !== after.rating
  );
}
