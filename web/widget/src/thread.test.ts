import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insert, rows, solidSeq, unread } from './thread.ts';
import type { Message } from './types.ts';

function message(seq: number, more: Partial<Message> = {}): Message {
  const at = new Date(2026, 10, 20, 10, 0, seq).toISOString();
  return { message_id: 'MSG-' + seq, conversation_id: 'CONV-1', seq, role: 'ai', sender: 'Assistant', message: 'm' + seq, at, received_at: at, ...more };
}

function held(...seqs: number[]): Message[] {
  const all: Message[] = [];
  for (const seq of seqs) insert(all, message(seq));
  return all;
}

test('messages stand by seq, whatever order they come in, and each once', () => {
  assert.deepEqual(held(3, 1, 2).map(({ seq }) => seq), [1, 2, 3]);
  const all = held(1, 2, 3);
  assert.equal(insert(all, message(2)), false);
  assert.equal(insert(all, message(4)), true);
  assert.deepEqual(all.map(({ seq }) => seq), [1, 2, 3, 4]);
});

test('the solid seq stops before a hole', () => {
  assert.equal(solidSeq([]), 0);
  assert.equal(solidSeq(held(1, 2, 3)), 3);
  assert.equal(solidSeq(held(1, 2, 4, 5)), 2);
  // An older page is not loaded yet: the count starts with what is here.
  assert.equal(solidSeq(held(41, 42)), 42);
});

test('unread are those of others after the last one seen', () => {
  const all = [message(1), message(2, { role: 'user' }), message(3, { role: 'staff' }), message(4, { role: 'system' })];
  assert.equal(unread(all, 0), 3);
  assert.equal(unread(all, 3), 1);
  assert.equal(unread(all, 4), 0);
});

test('a run shows its name once and its time once', () => {
  const drawn = rows([message(1), message(2), message(3, { role: 'staff', sender: 'John' })], []);
  assert.deepEqual(
    drawn.map((row) => (row.kind === 'day' ? 'day' : [row.text, row.first, row.last])),
    ['day', ['m1', true, false], ['m2', false, true], ['m3', true, true]],
  );
});

test('a long pause and a new day end a run', () => {
  const drawn = rows(
    [
      message(1, { at: new Date(2026, 10, 19, 23, 59).toISOString() }),
      message(2, { at: new Date(2026, 10, 20, 0, 1).toISOString() }),
      message(3, { at: new Date(2026, 10, 20, 0, 9).toISOString() }),
    ],
    [],
  );
  assert.deepEqual(
    drawn.map((row) => (row.kind === 'day' ? 'day' : [row.first, row.last])),
    ['day', [true, true], 'day', [true, true], [true, true]],
  );
});

test('a confirmed message keeps the row it had on its way', () => {
  const out = { id: 'abc', text: 'hello', at: message(2).at, failed: '' as const };
  const before = rows([message(1)], [out]).at(-1)!;
  const after = rows([message(1), message(2, { role: 'user', client_message_id: 'abc' })], []).at(-1)!;
  assert.equal(before.key, after.key);
  assert.deepEqual([before.kind === 'message' && before.delivery, after.kind === 'message' && after.delivery], ['sending', 'sent']);
});

test('only the newest own message says that it is sent, and only until an answer comes', () => {
  const own = (seq: number) => message(seq, { role: 'user' });
  const deliveries = (all: Message[]) => rows(all, []).flatMap((row) => (row.kind === 'message' ? [row.delivery] : []));
  assert.deepEqual(deliveries([own(1), own(2)]), ['none', 'sent']);
  assert.deepEqual(deliveries([own(1), message(2)]), ['none', 'none']);
});

test('an unsent message says whether it waits or failed', () => {
  for (const [failed, delivery] of [['', 'sending'], ['later', 'waiting'], ['refused', 'failed']] as const) {
    const row = rows([], [{ id: 'abc', text: 'hello', at: message(1).at, failed }]).at(-1)!;
    assert.equal(row.kind === 'message' && row.delivery, delivery);
  }
});

test('rows have keys of their own', () => {
  const keys = rows([message(1), message(2), message(3, { client_message_id: 'x' })], [{ id: 'y', text: '', at: message(4).at, failed: '' }]).map((row) => row.key);
  assert.equal(new Set(keys).size, keys.length);
});
