import type { Contact, Task, TimelineItem } from '../../../../shared/api/desk.ts';
import type { Conversation } from '../../../../shared/api/types.ts';
import type { Route } from '../../lib/routes.ts';

export function contactName(contact: Pick<Contact, 'name' | 'email' | 'phone' | 'contact_id'>): string {
  return contact.name || contact.email || contact.phone || contact.contact_id;
}

/** The contact that a conversation belongs to among those found by its address or number. */
export function ownerOf(
  conversation: Pick<Conversation, 'channel' | 'user_id' | 'user_email' | 'user_phone'>,
  found: readonly Contact[],
): Contact | null {
  const same = (a: string | null | undefined, b: string | null | undefined) => Boolean(a && b) && a!.toLowerCase() === b!.toLowerCase();
  const digits = (text: string | null) => (text ?? '').replace(/\D/g, '');
  return (
    found.find((one) =>
      one.identities?.some(({ channel, external_id }) => channel === conversation.channel && external_id === conversation.user_id),
    ) ??
    found.find((one) => same(one.email, conversation.user_email)) ??
    found.find((one) => digits(one.phone).length > 6 && digits(one.phone) === digits(conversation.user_phone)) ??
    null
  );
}

const kinds = ['conversation', 'rating', 'note', 'activity', 'task', 'ticket', 'merge', 'handover'] as const;
export type TimelineKind = (typeof kinds)[number];

/** What an entry is; what is not known is shown as an activity. */
export function kindOf(item: TimelineItem): TimelineKind {
  const said = item.type ?? item.kind ?? '';
  return kinds.find((kind) => kind === said) ?? 'activity';
}

export const timelineIcons: Record<TimelineKind, string> = {
  conversation: 'message-square-text',
  rating: 'star',
  note: 'sticky-note',
  activity: 'pencil',
  task: 'list-checks',
  ticket: 'ticket',
  merge: 'git-merge',
  handover: 'hand',
};

export function leadsTo(item: TimelineItem): Route | null {
  const ticket = item.ticket_id ?? (kindOf(item) === 'ticket' ? item.id : null);
  if (ticket) return { name: 'ticket', id: ticket };
  return item.conversation_id ? { name: 'conversation', id: item.conversation_id } : null;
}

export type Due = 'done' | 'overdue' | 'today' | 'later' | 'never';

/** How a task stands at `now` (ms). */
export function due(task: Pick<Task, 'due_at' | 'done_at'>, now: number): Due {
  if (task.done_at) return 'done';
  if (!task.due_at) return 'never';
  const at = Date.parse(task.due_at);
  if (at < now) return 'overdue';
  return new Date(at).toDateString() === new Date(now).toDateString() ? 'today' : 'later';
}

/** Open ones first, the first due first, those without a time after them; then the done ones, the latest first. */
export function inOrder(tasks: readonly Task[]): Task[] {
  const end = '9999';
  return [...tasks].sort((a, b) => {
    if (a.done_at || b.done_at) return (a.done_at ? 1 : 0) - (b.done_at ? 1 : 0) || (b.done_at ?? '').localeCompare(a.done_at ?? '');
    return (a.due_at ?? end).localeCompare(b.due_at ?? end) || a.task_id.localeCompare(b.task_id);
  });
}

/** Custom fields as rows to edit: only plain values; the rest is shown and left alone. */
export function customRows(custom: Record<string, unknown> | undefined): { key: string; value: string }[] {
  return Object.entries(custom ?? {})
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([key, value]) => ({ key, value: String(value) }));
}

/** What to send so that the fields are as the rows say: changed ones, and null for those taken away. */
export function customChanges(before: Record<string, unknown> | undefined, rows: readonly { key: string; value: string }[]): Record<string, string | null> {
  const known = new Map(customRows(before).map(({ key, value }) => [key, value]));
  const said = new Map(rows.map(({ key, value }) => [key.trim(), value.trim()] as const).filter(([key]) => key));
  const changes: Record<string, string | null> = {};
  for (const [key, value] of said) if (known.get(key) !== value) changes[key] = value;
  for (const key of known.keys()) if (!said.has(key)) changes[key] = null;
  return changes;
}
