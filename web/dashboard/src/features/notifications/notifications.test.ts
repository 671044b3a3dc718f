import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Notification } from '../../../../shared/api/desk.ts';
import { markedRead, reasonOf, target, unknown, wantsAnswer, withNotification } from './notifications.ts';

const note = (id: string, fields: Partial<Notification> = {}): Notification => ({
  notification_id: id, kind: 'sla', level: 'info', title: id, body: '', at: '2026-01-05T09:00:00Z', read_at: null, conversation_id: null, ticket_id: null, ...fields,
});

test('a new one stands first, a known one stays in its place', () => {
  const list = [note('NTF-2'), note('NTF-1')];
  assert.deepEqual(withNotification(list, note('NTF-3')).map((one) => one.notification_id), ['NTF-3', 'NTF-2', 'NTF-1']);
  assert.equal(withNotification(list, note('NTF-1', { title: 'changed' }))[1]?.title, 'changed');
});

test('what came while the list was on its way is kept unless the list has it', () => {
  const came = [note('NTF-4'), note('NTF-3'), note('NTF-4')];
  assert.deepEqual(unknown([note('NTF-3'), note('NTF-2')], came).map((one) => one.notification_id), ['NTF-4']);
  assert.deepEqual(unknown([], []), []);
});

test('some or all are read, and keep the time they were read at', () => {
  const list = [note('NTF-2'), note('NTF-1', { read_at: 'before' })];
  assert.deepEqual(markedRead(list, null, 'now').map((one) => one.read_at), ['now', 'before']);
  assert.deepEqual(markedRead(list, ['NTF-1'], 'now').map((one) => one.read_at), [null, 'before']);
});

test('it leads to its ticket, else to its conversation', () => {
  assert.deepEqual(target(note('1', { ticket_id: 'TKT_20260105_AB01', conversation_id: 'CONV-1' })), { name: 'ticket', id: 'TKT_20260105_AB01' });
  assert.deepEqual(target(note('1', { conversation_id: 'CONV-1' })), { name: 'conversation', id: 'CONV-1' });
  assert.equal(target(note('1')), null);
});

test('only what is urgent and open asks for an answer', () => {
  assert.equal(wantsAnswer(note('1', { level: 'urgent' })), true);
  assert.equal(wantsAnswer(note('1', { level: 'urgent', acknowledged_at: 'now' })), false);
  assert.equal(wantsAnswer({ ...note('1', { level: 'urgent' }), settled: true }), false);
  assert.equal(wantsAnswer(note('1', { level: 'warning' })), false);
});

test('why one is told follows from what happened', () => {
  const table = { 'sla.breach': 'sla.breach', 'sla.other': 'sla', sla: 'sla', 'ticket.new': 'ticket.new', 'ticket.reply': 'ticket', 'task.due': 'task', 'webhook.disabled': 'webhook', slack: 'other' };
  for (const [kind, reason] of Object.entries(table)) assert.equal(reasonOf(kind), reason, kind);
});
