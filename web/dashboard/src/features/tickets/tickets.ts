import type { Query } from '../../../../shared/api/client.ts';
import type { Ticket, TicketDetail, TicketLevel, TicketNote, TicketReply, TicketSource, TicketStatus } from '../../../../shared/api/desk.ts';
import type { Priority } from '../../../../shared/api/types.ts';

export const statuses: readonly TicketStatus[] = ['open', 'in_progress', 'waiting_customer', 'on_hold', 'resolved', 'closed'];
export const levels: readonly TicketLevel[] = ['L1', 'L2', 'manager'];
/** What causes tickets. */
export const sources: readonly TicketSource[] = ['handover', 'complaint', 'low_confidence', 'portal', 'staff', 'api'];
export const priorities: readonly Priority[] = ['emergency', 'high', 'normal', 'low'];

export const linkKinds = ['related', 'duplicates', 'duplicated_by', 'blocks', 'blocked_by', 'parent', 'child'] as const;
/** Those one can say; the others are the same link seen from its other end. */
export const linkChoices = ['related', 'duplicates', 'blocks', 'parent', 'child'] as const satisfies readonly LinkKind[];
export type LinkKind = (typeof linkKinds)[number];

export function isLinkKind(kind: string): kind is LinkKind {
  return (linkKinds as readonly string[]).includes(kind);
}

/** What still needs work: the list's start. */
const unsolved: readonly TicketStatus[] = ['open', 'in_progress', 'waiting_customer', 'on_hold'];

export interface TicketFilters {
  q: string;
  /** Empty is every status. */
  status: '' | 'unsolved' | TicketStatus;
  priority: '' | Priority;
  department: string;
  /** "me", "none" or the id of a member of staff. */
  assigned: string;
  level: '' | TicketLevel;
  source: '' | TicketSource;
}

export const noFilters: TicketFilters = { q: '', status: 'unsolved', priority: '', department: '', assigned: '', level: '', source: '' };

/** Filters as a saved view keeps them; what it does not say, or says oddly, is as in the beginning. */
export function filtersFrom(saved: Record<string, unknown>): TicketFilters {
  const text = (key: keyof TicketFilters) => (typeof saved[key] === 'string' ? saved[key] : noFilters[key]);
  const one = <T extends string>(value: string, allowed: readonly T[]): T | '' => allowed.find((each) => each === value) ?? '';
  const status = text('status');
  return {
    q: text('q'),
    status: status === 'unsolved' ? status : one(status, statuses),
    priority: one(text('priority'), priorities),
    department: text('department'),
    assigned: text('assigned'),
    level: one(text('level'), levels),
    source: one(text('source'), sources),
  };
}

export function ticketQuery(filters: TicketFilters): Query {
  const { status, q, ...rest } = filters;
  return { ...rest, q: q.trim(), status: status === 'unsolved' ? unsolved.join(',') : status };
}

/** How many filters are set, the words apart. */
export function filterCount(filters: TicketFilters): number {
  return (['status', 'priority', 'department', 'assigned', 'level', 'source'] as const).filter((key) => filters[key] !== noFilters[key]).length;
}

/** Whether a ticket that came by event belongs in the list. Words are the server's to judge, so they keep new ones out. */
export function belongs(ticket: Ticket, filters: TicketFilters, me: string): boolean {
  if (ticket.merged_into || filters.q.trim()) return false;
  const assigned = ticket.assigned_staff?.staff_id ?? 'none';
  return (
    (!filters.status || (filters.status === 'unsolved' ? unsolved.includes(ticket.status) : ticket.status === filters.status)) &&
    (!filters.priority || ticket.priority === filters.priority) &&
    (!filters.department || ticket.department?.slug === filters.department) &&
    (!filters.level || ticket.level === filters.level) &&
    (!filters.source || ticket.source === filters.source) &&
    (!filters.assigned || assigned === (filters.assigned === 'me' ? me : filters.assigned))
  );
}

/** The list after a ticket was new or changed: the newest version of each, no older one ever wins. */
export function withTicket(rows: readonly Ticket[], ticket: Ticket, filters: TicketFilters, me: string): readonly Ticket[] {
  const at = rows.findIndex((row) => row.ticket_id === ticket.ticket_id);
  const known = rows[at];
  if (known && known.version > ticket.version) return rows;
  const stays = known && filters.q.trim() ? !ticket.merged_into : belongs(ticket, filters, me);
  if (!stays) return known ? rows.filter((row) => row !== known) : rows;
  return known ? rows.with(at, { ...known, ...ticket }) : [ticket, ...rows];
}

export type Entry =
  | { kind: 'description'; key: string; at: string; text: string; name: string }
  | { kind: 'reply'; key: string; at: string; text: string; name: string; from: 'staff' | 'customer' }
  | { kind: 'note'; key: string; at: string; text: string; name: string };

/** The description, the replies and the notes in the order of time. */
export function entries(ticket: TicketDetail): Entry[] {
  const requester = ticket.requester?.name ?? '';
  const said = [...(ticket.replies ?? []).map((reply) => replyEntry(reply, requester)), ...(ticket.notes ?? []).map(noteEntry)];
  said.sort((a, b) => a.at.localeCompare(b.at) || a.key.localeCompare(b.key));
  const first = ticket.description.trim();
  return first ? [{ kind: 'description', key: 'description', at: ticket.created_at, text: first, name: requester }, ...said] : said;
}

function replyEntry(reply: TicketReply, requester: string): Entry {
  const from = reply.author.kind;
  const name = reply.author.name ?? (from === 'customer' ? requester : '');
  return { kind: 'reply', key: `reply-${reply.reply_id}`, at: reply.at, text: reply.message, name, from };
}

function noteEntry(note: TicketNote): Entry {
  return { kind: 'note', key: `note-${note.note_id}`, at: note.at, text: note.body, name: note.author?.name ?? note.name ?? '' };
}
