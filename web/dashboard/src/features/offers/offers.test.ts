import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offer } from '../../../../shared/api/desk.ts';
import { left, open, withOffer } from './offers.ts';

const at = (second: number) => new Date(1_000_000_000_000 + second * 1000).toISOString();
const offer = (id: string, ends: number): Offer => ({ conversation_id: id, staff_id: 'STF-1', expires_at: at(ends), user_name: null, category: null, priority: 'normal', reason: '' });
const now = (second: number) => 1_000_000_000_000 + second * 1000;

test('the first to end stands first, and a conversation is offered once', () => {
  const list = withOffer(withOffer([], offer('CONV-1', 30)), offer('CONV-2', 20));
  assert.deepEqual(list.map((one) => one.conversation_id), ['CONV-2', 'CONV-1']);
  assert.deepEqual(withOffer(list, offer('CONV-1', 10)).map((one) => one.conversation_id), ['CONV-1', 'CONV-2']);
});

test('what is over is gone, and the same list is the same value', () => {
  const list = [offer('CONV-1', 10), offer('CONV-2', 20)];
  assert.equal(open(list, now(5)), list);
  assert.deepEqual(open(list, now(15)).map((one) => one.conversation_id), ['CONV-2']);
});

test('time left is in whole seconds and a share of the whole', () => {
  assert.deepEqual(left(offer('CONV-1', 30), now(15.2), 30_000), { seconds: 15, share: 14.8 / 30 });
  assert.deepEqual(left(offer('CONV-1', 30), now(40), 30_000), { seconds: 0, share: 0 });
});
