import type { Conversation, Counts, Message, Priority, Queue, StaffRef } from '../../../../shared/api/types.ts';
import { isHidden, type LiveEvent } from '../../../../shared/live/frames.ts';

/** What the list pane shows, as one immutable value. A snapshot plus later events equals a fresh snapshot. */
export interface InboxState {
  readonly rows: ReadonlyMap<string, Conversation>;
  readonly counts: Counts;
  readonly today: Pick<
    Queue,
    'conversations_today' | 'average_resolution_seconds' | 'satisfaction' | 'first_response_seconds'
  >;
  readonly team: Queue['staff'];
}

export const emptyInbox: InboxState = {
  rows: new Map(),
  counts: { active: 0, waiting: 0, resolved_today: 0, average_wait_seconds: null },
  today: {
    conversations_today: 0,
    average_resolution_seconds: null,
    satisfaction: null,
    first_response_seconds: null,
  },
  team: [],
};

export function isMine(row: Conversation, me: string): boolean {
  return row.status === 'active' && row.assigned_staff?.staff_id === me;
}

/** The queue answer is the whole truth about what waits and what is mine: rows of either kind missing from it go. */
export function applyQueue(state: InboxState, queue: Queue, me: string): InboxState {
  const present = new Set([...queue.items, ...queue.mine].map((row) => row.conversation_id));
  const rows = new Map(
    [...state.rows].filter(([id, row]) => present.has(id) || !(row.status === 'pending' || isMine(row, me))),
  );
  for (const row of [...queue.items, ...queue.mine]) rows.set(row.conversation_id, newer(rows, row));
  const { active, waiting, resolved_today, average_wait_seconds } = queue;
  const { conversations_today, average_resolution_seconds, satisfaction, first_response_seconds } = queue;
  return {
    rows,
    counts: { active, waiting, resolved_today, average_wait_seconds },
    today: { conversations_today, average_resolution_seconds, satisfaction, first_response_seconds },
    team: queue.staff,
  };
}

export function applyRows(state: InboxState, items: readonly Conversation[]): InboxState {
  if (!items.length) return state;
  const rows = new Map(state.rows);
  for (const row of items) rows.set(row.conversation_id, newer(rows, row));
  return { ...state, rows };
}

export function applyEvents(state: InboxState, events: readonly LiveEvent[]): InboxState {
  return events.reduce(applyEvent, state);
}

function applyEvent(state: InboxState, event: LiveEvent): InboxState {
  switch (event.type) {
    case 'conversation.new':
    case 'conversation.update': {
      const rows = new Map(state.rows);
      if (isHidden(event.data)) rows.delete(event.data.conversation_id);
      else rows.set(event.data.conversation_id, merge(rows.get(event.data.conversation_id), event.data));
      return { ...state, rows };
    }
    case 'message.new': {
      const row = state.rows.get(event.data.conversation_id);
      if (!row || event.data.seq <= row.last_seq) return state;
      return { ...state, rows: new Map(state.rows).set(row.conversation_id, withMessage(row, event.data)) };
    }
    case 'queue.update':
      return { ...state, counts: { ...state.counts, ...event.data } };
    case 'presence': {
      const { staff_id, name, availability } = event.data;
      const known = state.team.some((member) => member.staff_id === staff_id);
      const team = known
        ? state.team.map((member) => (member.staff_id === staff_id ? { ...member, name, availability } : member))
        : [...state.team, { staff_id, name, availability, monitoring: 0 }];
      return { ...state, team };
    }
    default:
      return state;
  }
}

export function markRead(state: InboxState, id: string): InboxState {
  const row = state.rows.get(id);
  if (!row?.unread) return state;
  return { ...state, rows: new Map(state.rows).set(id, { ...row, unread: 0 }) };
}

export function markDraft(state: InboxState, id: string, draft: boolean): InboxState {
  const row = state.rows.get(id);
  if (!row || Boolean(row.draft) === draft) return state;
  return { ...state, rows: new Map(state.rows).set(id, { ...row, draft }) };
}

function isLater(a: Conversation, b: Conversation): boolean {
  return a.version > b.version || (a.version === b.version && a.last_seq > b.last_seq);
}

/** Answers and events cross on the way: the later row is the truth, whichever arrived last. */
function newer(rows: ReadonlyMap<string, Conversation>, row: Conversation): Conversation {
  const known = rows.get(row.conversation_id);
  return known && isLater(known, row) ? known : { ...personal(known), ...row };
}

/** Events leave out what is personal to each reader: keep ours, and count a new customer message as unread. */
function merge(known: Conversation | undefined, row: Conversation): Conversation {
  if (known && isLater(known, row)) return known;
  const arrived = row.last_message?.role === 'user' && row.last_seq > (known?.last_seq ?? 0);
  const kept = personal(known);
  return { ...row, ...kept, unread: (kept.unread ?? 0) + (arrived ? 1 : 0) };
}

function withMessage(row: Conversation, message: Message): Conversation {
  const { role, sender, at, seq } = message;
  return {
    ...row,
    last_message: { role, sender, message: message.message, at, seq },
    last_seq: seq,
    updated_at: message.received_at,
    unread: (row.unread ?? 0) + (role === 'user' ? 1 : 0),
  };
}

function personal(known: Conversation | undefined): Pick<Conversation, 'unread' | 'draft'> {
  const kept: Pick<Conversation, 'unread' | 'draft'> = {};
  if (known?.unread !== undefined) kept.unread = known.unread;
  if (known?.draft !== undefined) kept.draft = known.draft;
  return kept;
}

export interface Sections {
  mine: Conversation[];
  waiting: Conversation[];
  others: Conversation[];
  assistant: Conversation[];
  resolved: Conversation[];
}

export function sections(rows: Iterable<Conversation>, me: StaffRef): Sections {
  const result: Sections = { mine: [], waiting: [], others: [], assistant: [], resolved: [] };
  for (const row of rows) {
    if (isMine(row, me.staff_id)) result.mine.push(row);
    else if (row.status === 'pending') result.waiting.push(row);
    else if (row.status === 'active') result.others.push(row);
    else if (row.status === 'bot') result.assistant.push(row);
    else result.resolved.push(row);
  }
  result.mine.sort(byUrgency);
  result.waiting.sort(byUrgency);
  result.others.sort(byUrgency);
  // Every word moves a row by recency; chats with the assistant talk fast, and rows must not run from the pointer.
  result.assistant.sort(byAge);
  result.resolved.sort(byRecency);
  return result;
}

const rank: Record<Priority, number> = { emergency: 0, high: 1, normal: 2, low: 3 };

/** Since when the customer has been waiting for a word from us; null when the last word was ours. */
export function waitingSince(row: Conversation): string | null {
  if (row.status === 'pending') return row.waiting_since ?? row.handover?.at ?? row.created_at;
  if (row.status === 'active' && row.last_message?.role === 'user') return row.last_message.at;
  return null;
}

function byUrgency(a: Conversation, b: Conversation): number {
  return (
    rank[a.priority] - rank[b.priority] ||
    compare(waitingSince(a) ?? '~', waitingSince(b) ?? '~') ||
    compare(a.created_at, b.created_at) ||
    compare(a.conversation_id, b.conversation_id)
  );
}

function byRecency(a: Conversation, b: Conversation): number {
  return compare(b.updated_at, a.updated_at) || compare(b.conversation_id, a.conversation_id);
}

function byAge(a: Conversation, b: Conversation): number {
  return compare(b.created_at, a.created_at) || compare(b.conversation_id, a.conversation_id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
