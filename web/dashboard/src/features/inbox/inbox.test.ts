import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Conversation, Message, Queue } from '../../../../shared/api/types.ts';
import type { LiveEvent } from '../../../../shared/live/frames.ts';
import { applyEvents, applyQueue, emptyInbox, markRead, sections, waitingSince, type InboxState } from './inbox.ts';

const me = { staff_id: 'STF-1', name: 'Sarah Johnson' };

function row(id: number, fields: Partial<Conversation> = {}): Conversation {
  return {
    conversation_id: `CONV-${id}`,
    status: 'pending',
    handler: 'queue',
    priority: 'normal',
    department: null,
    category: null,
    channel: 'widget',
    user_id: `user_${id}`,
    user_name: 'John',
    user_email: '',
    user_phone: '',
    assigned_staff: null,
    tags: [],
    created_at: '2026-11-20T10:00:00.000Z',
    updated_at: '2026-11-20T10:00:00.000Z',
    resolution: null,
    outcome: null,
    rating: null,
    last_message: null,
    waiting_seconds: 0,
    waiting_since: '2026-11-20T10:00:00.000Z',
    on_hold: false,
    own_assistant: false,
    last_seq: 1,
    handover: null,
    version: 1,
    language: 'en',
    previous_conversation_id: null,
    ...fields,
  };
}

const mine = (id: number, fields: Partial<Conversation> = {}) => row(id, { status: 'active', handler: 'staff', assigned_staff: me, ...fields });

function queue(items: Conversation[], held: Conversation[] = []): Queue {
  return {
    active: held.length,
    waiting: items.length,
    resolved_today: 3,
    average_wait_seconds: 60,
    conversations_today: 9,
    average_resolution_seconds: 660,
    satisfaction: 4.8,
    first_response_seconds: 120,
    items,
    mine: held,
    staff: [{ staff_id: 'STF-1', name: 'Sarah Johnson', availability: 'online', monitoring: held.length }],
  };
}

function said(id: number, seq: number, role: Message['role'] = 'user'): LiveEvent {
  const at = `2026-11-20T10:0${seq}:00.000Z`;
  return {
    id: seq,
    type: 'message.new',
    data: { message_id: `MSG-${seq}`, conversation_id: `CONV-${id}`, seq, role, sender: 'John', message: `Message ${seq}`, at, received_at: at },
  };
}

const changed = (data: Conversation, id = 5): LiveEvent => ({ id, type: 'conversation.update', data });
const ids = (rows: Conversation[]) => rows.map((one) => one.conversation_id);

test('a snapshot and the events after it equal a fresh snapshot', () => {
  const before = applyQueue(emptyInbox, queue([row(1), row(2)], [mine(3)]), me.staff_id);
  const taken = mine(1, { version: 2 });
  const added = row(4);
  const after = applyEvents(before, [
    { id: 1, type: 'conversation.new', data: added },
    changed(taken),
    { id: 2, type: 'conversation.update', data: { conversation_id: 'CONV-3', visible: false } },
    { id: 0, type: 'queue.update', data: { active: 1, waiting: 2, resolved_today: 3, average_wait_seconds: 60 } },
  ]);
  const fresh = applyQueue(emptyInbox, queue([row(2), added], [taken]), me.staff_id);
  const shown = (state: InboxState) => {
    const { mine: held, waiting } = sections(state.rows.values(), me);
    return { held: ids(held), waiting: ids(waiting), counts: state.counts };
  };
  assert.deepEqual(shown(after), shown(fresh));
});

test('a queue answer drops rows that wait no more, and keeps those of other views', () => {
  const state = applyEvents(applyQueue(emptyInbox, queue([row(1), row(2)]), me.staff_id), [
    { id: 1, type: 'conversation.new', data: row(9, { status: 'bot', handler: 'bot' }) },
  ]);
  const next = applyQueue(state, queue([row(2)]), me.staff_id);
  assert.deepEqual([...next.rows.keys()].sort(), ['CONV-2', 'CONV-9']);
});

test('an answer that was overtaken by an event does not turn the row back', () => {
  const state = applyEvents(applyQueue(emptyInbox, queue([row(1)]), me.staff_id), [changed(mine(1, { version: 3 }))]);
  assert.equal(applyQueue(state, queue([row(1, { version: 2 })]), me.staff_id).rows.get('CONV-1')?.status, 'active');
  assert.equal(applyEvents(state, [changed(row(1, { version: 2 }))]).rows.get('CONV-1')?.status, 'active');
});

test('messages move the row on, each once, and count only what the customer wrote as unread', () => {
  const state = applyEvents(applyQueue(emptyInbox, queue([], [mine(1, { unread: 1 })]), me.staff_id), [
    said(1, 2),
    said(1, 2),
    said(1, 3, 'staff'),
    said(1, 4),
  ]);
  const after = state.rows.get('CONV-1');
  assert.equal(after?.unread, 3);
  assert.equal(after?.last_message?.message, 'Message 4');
  // The row that follows with the same message does not count it again.
  const updated = applyEvents(state, [changed(mine(1, { version: 2, last_seq: 4, last_message: after!.last_message }))]);
  assert.equal(updated.rows.get('CONV-1')?.unread, 3);
  assert.equal(markRead(updated, 'CONV-1').rows.get('CONV-1')?.unread, 0);
});

test('what is personal survives events that leave it out', () => {
  const state = applyQueue(emptyInbox, queue([], [mine(1, { unread: 2, draft: true })]), me.staff_id);
  const after = applyEvents(state, [changed(mine(1, { version: 2, on_hold: true }))]).rows.get('CONV-1');
  assert.deepEqual([after?.unread, after?.draft, after?.on_hold], [2, true, true]);
});

test('the order: urgent first, then the longest wait', () => {
  const rows = [
    row(1, { waiting_since: '2026-11-20T10:05:00.000Z' }),
    row(2, { waiting_since: '2026-11-20T10:01:00.000Z' }),
    row(3, { priority: 'emergency', waiting_since: '2026-11-20T10:09:00.000Z' }),
    row(4, { priority: 'low', waiting_since: '2026-11-20T09:00:00.000Z' }),
    row(5, { priority: 'high', waiting_since: '2026-11-20T10:08:00.000Z' }),
  ];
  assert.deepEqual(ids(sections(rows, me).waiting), ['CONV-3', 'CONV-5', 'CONV-2', 'CONV-1', 'CONV-4']);
});

test('rows stand in the section of their state', () => {
  const other = { staff_id: 'STF-2', name: 'Alice' };
  const result = sections(
    [row(1), mine(2), row(3, { status: 'active', assigned_staff: other }), row(4, { status: 'bot' }), row(5, { status: 'resolved' }), row(6, { status: 'closed' })],
    me,
  );
  assert.deepEqual(
    Object.values(result).map((rows) => ids(rows).sort()),
    [['CONV-2'], ['CONV-1'], ['CONV-3'], ['CONV-4'], ['CONV-5', 'CONV-6']],
  );
});

test('somebody waits while theirs was the last word', () => {
  const last = (role: Message['role']) => ({ role, sender: '', message: '', at: '2026-11-20T10:30:00.000Z', seq: 2 });
  assert.equal(waitingSince(row(1)), '2026-11-20T10:00:00.000Z');
  assert.equal(waitingSince(mine(1, { last_message: last('user') })), '2026-11-20T10:30:00.000Z');
  assert.equal(waitingSince(mine(1, { last_message: last('staff') })), null);
  assert.equal(waitingSince(row(1, { status: 'bot', last_message: last('user') })), null);
});

test('presence changes the team, and adds who was not there', () => {
  const presence = (staff_id: string, availability: 'online' | 'away'): LiveEvent => ({ id: 0, type: 'presence', data: { staff_id, name: 'Alice', availability } });
  const state = applyEvents(applyQueue(emptyInbox, queue([]), me.staff_id), [presence('STF-2', 'online'), presence('STF-2', 'away')]);
  assert.deepEqual(state.team.map((member) => [member.staff_id, member.availability]), [['STF-1', 'online'], ['STF-2', 'away']]);
});
