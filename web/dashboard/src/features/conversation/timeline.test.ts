import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message, Note, Turn } from '../../../../shared/api/types.ts';
import { timeline, type TimelineItem } from './timeline.ts';

const message = (seq: number, at: string, role: Message['role'] = 'user'): Message => ({
  message_id: `MSG-${seq}`,
  conversation_id: 'CONV-1',
  seq,
  role,
  sender: role === 'user' ? 'John' : 'Sarah Johnson',
  message: `Message ${seq}`,
  at,
  received_at: at,
});
const turn = (after_seq: number, kind: Turn['kind'], at: string): Turn => ({ after_seq, kind, at, staff: null, to: null, reason: null });
const note = (id: string, at: string): Note => ({ note_id: id, body: id, at, staff_id: 'STF-1', name: 'Alice' });
const day = (at: string) => at.slice(0, 10);

/** The timeline in short: d day, t turn, n note, u unread, m message, + message grouped with the one above. */
const short = (items: TimelineItem[]) =>
  items.map((item) => (item.kind === 'message' ? `${item.grouped ? '+' : 'm'}${item.message.seq}` : item.kind[0])).join(' ');

const first = message(1, '2026-11-19T23:59:00Z');
const second = message(2, '2026-11-20T00:01:00Z');
const third = message(3, '2026-11-20T00:02:00Z');
const answer = message(4, '2026-11-20T00:03:00Z', 'staff');

const table: [name: string, items: TimelineItem[], expected: string][] = [
  ['nothing', timeline([], [], [], null, day), ''],
  ['a separator for each day, and groups within it', timeline([first, second, third, answer], [], [], null, day), 'd m1 d m2 +3 m4'],
  ['a turn stands after its message and ends the group', timeline([second, third], [turn(2, 'takeover', '2026-11-20T00:01:30Z')], [], null, day), 'd m2 t m3'],
  ['turns after the last message, in order', timeline([second], [turn(2, 'handover', '2026-11-20T00:01:10Z'), turn(2, 'takeover', '2026-11-20T00:01:20Z')], [], null, day), 'd m2 t t'],
  ['a turn before any message', timeline([first], [turn(0, 'handover', '2026-11-19T23:58:00Z')], [], null, day), 'd t m1'],
  ['turns of pages not loaded yet stay out', timeline([third], [turn(1, 'takeover', '2026-11-19T23:59:30Z')], [], null, day), 'd m3'],
  ['a note stands where it was written', timeline([second, answer], [], [note('n', '2026-11-20T00:02:30Z')], null, day), 'd m2 n m4'],
  ['notes of pages not loaded yet stay out', timeline([third, answer], [], [note('n', '2026-11-19T20:00:00Z')], null, day), 'd m3 m4'],
  ['one divider before the first unread of the customer', timeline([second, answer, message(5, '2026-11-20T00:04:00Z')], [], [], 2, day), 'd m2 m4 u m5'],
  ['no divider when nothing was unread', timeline([second, third], [], [], null, day), 'd m2 +3'],
];

for (const [name, items, expected] of table) test(name, () => assert.equal(short(items), expected));

test('a group ends after some minutes', () => {
  const late = message(5, '2026-11-20T00:09:00Z');
  assert.equal(short(timeline([third, late], [], [], null, day)), 'd m3 m5');
});

test('every item has a key of its own', () => {
  const back = message(5, '2026-11-19T12:00:00Z');
  const items = timeline([first, second, third, answer, back], [turn(2, 'handover', '2026-11-20T00:01:10Z'), turn(2, 'takeover', '2026-11-20T00:01:20Z')], [note('n', '2026-11-20T00:02:30Z')], 1, day);
  assert.equal(new Set(items.map((item) => item.key)).size, items.length);
});
