import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ApiError } from './api.ts';
import type { Memory } from './memory.ts';
import { Outbox, randomId, type Courier } from './outbox.ts';
import type { Message, Outgoing } from './types.ts';

interface Scene {
  box: Outbox;
  kept: Set<string>;
  log: string[];
  /** What the next POSTs answer; none left means 201. */
  posts: ApiError[];
  online: boolean;
}

function scene(restored: Outgoing[] = []): Scene {
  const kept = new Set(restored.map(({ id }) => id));
  const memory = {
    keepUnsent: (out: Outgoing) => kept.add(out.id),
    dropUnsent: (id: string) => kept.delete(id),
  } as unknown as Memory;
  const courier: Courier = {
    bySocket: (out) => {
      if (made.online) made.log.push('socket ' + out.text);
      return made.online;
    },
    byPost: async (out) => {
      made.log.push('post ' + out.text);
      const error = made.posts.shift();
      if (error) throw error;
      return { client_message_id: out.id } as Message;
    },
    delivered: (message) => made.log.push('delivered ' + (message.client_message_id === '' ? '' : 'ok')),
    refused: (error) => made.log.push('refused ' + error.status),
    changed: () => {},
  };
  const made: Scene = { kept, log: [], posts: [], online: true, box: new Outbox(memory, courier, restored) };
  return made;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn();
}

test('one at a time and in order: the next goes when the first is confirmed', async () => {
  const { box, log, kept } = scene();
  box.add('one');
  box.add('two');
  await settle();
  assert.deepEqual(log, ['socket one']);
  box.confirm(box.items[0]!.id);
  await settle();
  assert.deepEqual(log, ['socket one', 'socket two']);
  box.confirm(box.items[0]!.id);
  await settle();
  assert.equal(box.items.length, 0);
  assert.equal(kept.size, 0);
});

test('without a socket it posts', async () => {
  const made = scene();
  made.online = false;
  made.box.add('one');
  await settle();
  assert.deepEqual(made.log, ['post one', 'delivered ok']);
  assert.equal(made.box.items.length, 0);
});

test('a connection lost before the ack: the same message goes again by POST', async () => {
  const made = scene();
  made.box.add('one');
  await settle();
  const { id } = made.box.items[0]!;
  made.online = false;
  made.box.disconnected();
  await settle();
  assert.deepEqual(made.log, ['socket one', 'post one', 'delivered ok']);
  assert.equal(made.kept.has(id), false);
});

test('no ack in time counts as lost', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const made = scene();
  made.box.add('one');
  await settle();
  t.mock.timers.tick(6_000);
  await settle();
  assert.deepEqual(made.log, ['socket one', 'post one', 'delivered ok']);
});

test('a refusal fails at once, stays failed when the connection is back, and holds up nothing', async () => {
  const made = scene();
  made.online = false;
  made.posts.push(new ApiError(422));
  made.box.add('bad');
  made.box.add('good');
  await settle();
  assert.deepEqual(made.log, ['post bad', 'refused 422', 'post good', 'delivered ok']);
  assert.equal(made.box.items[0]!.failed, 'refused');
  made.box.resume();
  await settle();
  assert.equal(made.log.length, 4);
  made.box.retry(made.box.items[0]!.id);
  await settle();
  assert.deepEqual(made.log.slice(4), ['post bad', 'delivered ok']);
});

test('trouble that may pass is tried three times, then waits for the next connection', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const made = scene();
  made.online = false;
  made.posts.push(new ApiError(0), new ApiError(503, 2_000), new ApiError(0));
  made.box.add('one');
  await settle();
  assert.deepEqual(made.log, ['post one']);
  t.mock.timers.tick(500);
  await settle();
  t.mock.timers.tick(1_900);
  await settle();
  assert.deepEqual(made.log, ['post one', 'post one'], 'Retry-After is kept');
  t.mock.timers.tick(100);
  await settle();
  assert.deepEqual(made.log, ['post one', 'post one', 'post one', 'refused 0']);
  assert.equal(made.box.items[0]!.failed, 'later');
  made.box.resume();
  await settle();
  assert.equal(made.log.at(-1), 'delivered ok');
});

test('what was unsent before a reload is sent after it, under the same id', async () => {
  const made = scene([{ id: 'abc', text: 'old', at: '2026-11-20T10:00:00.000Z', failed: 'later' }]);
  made.box.resume();
  await settle();
  assert.deepEqual(made.log, ['socket old']);
  made.box.confirm('abc');
  assert.equal(made.kept.size, 0);
});

test('after stop nothing more is sent', async () => {
  const made = scene();
  made.box.add('one');
  made.box.add('two');
  await settle();
  made.box.stop();
  await settle();
  assert.deepEqual(made.log, ['socket one']);
});

test('ids are 128 random bits', () => {
  assert.match(randomId(), /^[0-9a-f]{32}$/);
  assert.notEqual(randomId(), randomId());
});
