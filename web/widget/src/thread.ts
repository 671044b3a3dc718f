// The thread as data: messages by seq, and the rows the log shows. Pure: the view only draws the rows.
import type { Message, Outgoing } from './types.ts';

/**
 * Puts a message at its place by seq. Returns false for one that is already there: replays, our own echo and
 * the answer of a POST may all bring the same message.
 */
export function insert(messages: Message[], message: Message): boolean {
  let at = messages.length;
  while (at > 0 && messages[at - 1]!.seq > message.seq) at--;
  if (at > 0 && messages[at - 1]!.seq === message.seq) return false;
  messages.splice(at, 0, message);
  return true;
}

/** The last seq with nothing missing before it, counted from the oldest message held; 0 for none. */
export function solidSeq(messages: readonly Message[]): number {
  let last = 0;
  for (const { seq } of messages) {
    if (last && seq !== last + 1) break;
    last = seq;
  }
  return last;
}

export function unread(messages: readonly Message[], read: number): number {
  return messages.filter((message) => message.role !== 'user' && message.seq > read).length;
}

export type Row =
  | { kind: 'day'; key: string; at: string }
  | {
      kind: 'message';
      key: string;
      role: Message['role'];
      sender: string;
      text: string;
      at: string;
      /** First and last of a run by the same sender: the name stands above the first, the time below the last. */
      first: boolean;
      last: boolean;
      /** Only the newest of the customer's messages says so; those on their way always do. */
      delivery: 'none' | 'sending' | 'sent' | 'waiting' | 'failed';
    };

/** A pause this long starts a new run, with a time of its own. */
const RUN_MS = 5 * 60_000;

export function rows(messages: readonly Message[], outbox: readonly Outgoing[]): Row[] {
  const lines = [
    ...messages.map((message) => ({
      // Our own message keeps the key it had while it was on its way, so its row stays the same element.
      key: message.client_message_id || 'seq-' + message.seq,
      role: message.role,
      sender: message.sender,
      text: message.message,
      at: message.at,
      delivery: 'sent' as 'sent' | 'sending' | 'waiting' | 'failed',
    })),
    ...outbox.map((out) => ({
      key: out.id,
      role: 'user' as const,
      sender: '',
      text: out.text,
      at: out.at,
      delivery: ({ '': 'sending', later: 'waiting', refused: 'failed' } as const)[out.failed],
    })),
  ];
  let newestOwn = lines.length - 1;
  while (newestOwn >= 0 && lines[newestOwn]!.role !== 'user') newestOwn--;
  // An answer says more than a tick: only show "sent" while nothing came after it.
  const showSent = newestOwn === lines.length - 1;

  const out: Row[] = [];
  let day = '';
  lines.forEach((line, index) => {
    const today = dayOf(line.at);
    const newDay = today !== day;
    if (newDay) out.push({ kind: 'day', key: 'day-' + today + '-' + line.key, at: line.at });
    day = today;
    const before = lines[index - 1];
    const after = lines[index + 1];
    out.push({
      kind: 'message',
      ...line,
      first: newDay || !before || !sameRun(before, line),
      last: !after || dayOf(after.at) !== today || !sameRun(line, after),
      delivery: line.delivery !== 'sent' || (index === newestOwn && showSent) ? line.delivery : 'none',
    });
  });
  return out;
}

interface Line {
  role: Message['role'];
  sender: string;
  at: string;
}

function sameRun(one: Line, two: Line): boolean {
  return (
    one.role === two.role &&
    (one.role === 'user' || one.sender === two.sender) &&
    Math.abs(Date.parse(two.at) - Date.parse(one.at)) < RUN_MS
  );
}

/** The day in the reader's own time zone. */
function dayOf(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}
