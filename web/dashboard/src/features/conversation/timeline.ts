import type { Message, Note, Turn } from '../../../../shared/api/types.ts';

export type TimelineItem =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'turn'; key: string; turn: Turn }
  | { kind: 'unread'; key: string; count: number }
  | { kind: 'note'; key: string; note: Note }
  /** `grouped`: same sender as the one above within a short time, so the name is not repeated. */
  | { kind: 'message'; key: string; message: Message; grouped: boolean };

const GROUP_MS = 3 * 60_000;

/**
 * Lays out one conversation: messages in order of seq, each turn right after its message, notes where
 * they were written, a separator for each new day, and one divider before the first unread message.
 *
 * @param unreadAfter the last seq read before opening, or null for no divider
 * @param dayOf the local day of a time, as a string that changes at midnight
 */
export function timeline(
  messages: readonly Message[],
  turns: readonly Turn[],
  notes: readonly Note[],
  unreadAfter: number | null,
  dayOf: (at: string) => string,
): TimelineItem[] {
  const items: TimelineItem[] = [];
  const firstSeq = messages[0]?.seq ?? 1;
  const pendingTurns = turns.filter((turn) => turn.after_seq >= firstSeq - 1).sort((a, b) => a.after_seq - b.after_seq);
  // With older pages still to load, notes from before the first message shown belong to those pages.
  const start = firstSeq > 1 ? (messages[0]?.received_at ?? '') : '';
  const pendingNotes = notes.filter((note) => note.at >= start).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const unread = unreadAfter === null ? [] : messages.filter((m) => m.seq > unreadAfter && m.role === 'user');
  let day = '';
  let above: Message | null = null;

  /** Claimed times may go back and forth, so a day can come twice: its key is that of what follows. */
  const startDay = (at: string, key: string) => {
    const next = dayOf(at);
    if (next === day) return;
    day = next;
    above = null;
    items.push({ kind: 'day', key: `day-${key}`, at });
  };
  const takeTurns = (upTo: number) => {
    while (pendingTurns[0] && pendingTurns[0].after_seq <= upTo) {
      const turn = pendingTurns.shift()!;
      const key = `turn-${turn.after_seq}-${turn.kind}-${turn.at}`;
      startDay(turn.at, key);
      items.push({ kind: 'turn', key, turn });
      above = null;
    }
  };
  const takeNotes = (before: string | null) => {
    while (pendingNotes[0] && (before === null || pendingNotes[0].at < before)) {
      const note = pendingNotes.shift()!;
      startDay(note.at, note.note_id);
      items.push({ kind: 'note', key: note.note_id, note });
      above = null;
    }
  };

  for (const message of messages) {
    takeTurns(message.seq - 1);
    takeNotes(message.received_at);
    const key = `m-${message.seq}`;
    startDay(message.at, key);
    if (message === unread[0]) {
      items.push({ kind: 'unread', key: 'unread', count: unread.length });
      above = null;
    }
    items.push({ kind: 'message', key, message, grouped: continues(above, message) });
    above = message;
  }
  takeTurns(Infinity);
  takeNotes(null);
  return items;
}

function continues(above: Message | null, message: Message): boolean {
  return (
    above !== null &&
    above.role === message.role &&
    above.sender === message.sender &&
    Date.parse(message.at) - Date.parse(above.at) < GROUP_MS
  );
}
