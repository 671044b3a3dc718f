import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contact, Task } from '../../../../shared/api/desk.ts';
import { contactName, customChanges, customRows, due, inOrder, kindOf, leadsTo, ownerOf } from './customers.ts';

const contact = (id: string, fields: Partial<Contact> = {}): Contact => ({
  contact_id: id, name: '', email: null, phone: null, language: null, vip: false, company: null, last_contact_at: null, created_at: '', updated_at: '', ...fields,
});

test('a contact is called by the best that is known', () => {
  assert.equal(contactName(contact('CUST-1', { name: 'John', email: 'j@example.org' })), 'John');
  assert.equal(contactName(contact('CUST-1', { email: 'j@example.org' })), 'j@example.org');
  assert.equal(contactName(contact('CUST-1')), 'CUST-1');
});

const chat = { channel: 'widget', user_id: 'web_1', user_email: 'John@Example.org', user_phone: '+971 50 123 4567' };
const byIdentity = contact('CUST-1', { identities: [{ channel: 'widget', external_id: 'web_1', verified: false }] });
const byEmail = contact('CUST-2', { email: 'john@example.org' });
const byPhone = contact('CUST-3', { phone: '+971501234567' });
const owners: [string, Contact[], string | null][] = [
  ['identity before address', [byEmail, byIdentity], 'CUST-1'],
  ['address before number', [byPhone, byEmail], 'CUST-2'],
  ['number', [byPhone], 'CUST-3'],
  ['somebody else', [contact('CUST-4', { email: 'bob@example.org' })], null],
  ['nobody', [], null],
];
for (const [name, found, id] of owners) test(`owner by ${name}`, () => assert.equal(ownerOf(chat, found)?.contact_id ?? null, id));

test('nothing known on either side is no match', () => {
  assert.equal(ownerOf({ channel: 'widget', user_id: 'web_2', user_email: null, user_phone: null }, [contact('CUST-1')]), null);
});

test('entries of the timeline have a kind and a place they lead to', () => {
  assert.equal(kindOf({ type: 'ticket', at: '' }), 'ticket');
  assert.equal(kindOf({ type: 'call', at: '' }), 'activity');
  assert.deepEqual(leadsTo({ at: '', ticket_id: 'TKT_20260105_AB01', conversation_id: 'CONV-1' }), { name: 'ticket', id: 'TKT_20260105_AB01' });
  assert.deepEqual(leadsTo({ at: '', type: 'ticket', id: 'TKT_20260105_AB02', ticket_id: null }), { name: 'ticket', id: 'TKT_20260105_AB02' });
  assert.equal(leadsTo({ at: '' }), null);
  // A conversation that one may not see: that it was is known, and no more.
  assert.equal(leadsTo({ at: '', type: 'conversation', id: 'CONV-1', conversation_id: null }), null);
});

const noon = new Date(2026, 0, 5, 12).getTime();
const at = (hours: number) => new Date(noon + hours * 3_600_000).toISOString();
const task = (id: string, due_at: string | null, done_at: string | null = null): Task => ({
  task_id: id, title: id, note: null, due_at, done_at, owner: null, contact: null, conversation_id: null, ticket_id: null, created_at: '',
});

test('tasks are overdue, for today, for later, for no time, or done', () => {
  assert.equal(due(task('1', at(-1)), noon), 'overdue');
  assert.equal(due(task('1', at(1)), noon), 'today');
  assert.equal(due(task('1', at(30)), noon), 'later');
  assert.equal(due(task('1', null), noon), 'never');
  assert.equal(due(task('1', at(-1), at(0)), noon), 'done');
});

test('tasks stand in the order in which they ask for attention', () => {
  const all = [task('done', at(-9), at(-2)), task('none', null), task('later', at(9)), task('soon', at(1)), task('done last', at(-9), at(-1))];
  assert.deepEqual(inOrder(all).map((one) => one.task_id), ['soon', 'later', 'none', 'done last', 'done']);
});

test('custom fields: what is changed, added and taken away is sent, and nothing else', () => {
  const before = { account: 'A-1', seats: 3, deep: { a: 1 } };
  assert.deepEqual(customRows(before), [{ key: 'account', value: 'A-1' }, { key: 'seats', value: '3' }]);
  assert.deepEqual(customChanges(before, [{ key: 'account', value: 'A-2' }, { key: ' plan ', value: 'gold' }, { key: '', value: 'x' }]), { account: 'A-2', plan: 'gold', seats: null });
  assert.deepEqual(customChanges(before, customRows(before)), {});
});
