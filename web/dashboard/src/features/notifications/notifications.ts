import type { Notification } from '../../../../shared/api/desk.ts';
import type { Route } from '../../lib/routes.ts';

/** The list with one that came or changed, newest first; each is there once. */
export function withNotification(list: readonly Notification[], one: Notification): readonly Notification[] {
  const at = list.findIndex((other) => other.notification_id === one.notification_id);
  return at < 0 ? [one, ...list] : list.with(at, one);
}

/** Those that came while the server answered and that its answer does not have, each once. */
export function unknown(answer: readonly Notification[], came: readonly Notification[]): readonly Notification[] {
  return came.filter((one, at) => ![...answer, ...came.slice(0, at)].some((other) => other.notification_id === one.notification_id));
}

/** The list once those with the given ids, or all of them, are read. */
export function markedRead(list: readonly Notification[], ids: readonly string[] | null, at: string): readonly Notification[] {
  return list.map((one) => (one.read_at || (ids && !ids.includes(one.notification_id)) ? one : { ...one, read_at: at }));
}

/** What a notification is about: where a click on it leads. */
export function target(one: Notification): Route | null {
  if (one.ticket_id) return { name: 'ticket', id: one.ticket_id };
  return one.conversation_id ? { name: 'conversation', id: one.conversation_id } : null;
}

/** Something is asked of the reader: it is told to others too unless somebody says that they have it. */
export function wantsAnswer(one: Notification & { settled?: boolean }): boolean {
  return one.level === 'urgent' && !one.acknowledged_at && !one.settled;
}

/** Why somebody is told, by what happened; the first that begins a kind is meant by the others of its family. */
export const reasons = [
  'sla.reminder', 'sla.breach', 'sla.escalation', 'sla', 'ticket.new', 'ticket.assigned', 'ticket.escalated', 'ticket.nudge', 'ticket', 'task', 'conversation.assigned', 'assigned', 'handover',
  'routing.rule', 'routing.queue_full', 'routing.nobody_free', 'routing.not_accepted', 'routing', 'quality', 'mention', 'webhook', 'other',
] as const;
export type Reason = (typeof reasons)[number];

export function reasonOf(kind: string): Reason {
  return reasons.find((one) => kind === one || kind.startsWith(`${one}.`)) ?? 'other';
}
