import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConversationDetail, Message, Note } from '../../../../shared/api/types.ts';
import { addMessages, addNote, applyThreadEvent, dropOutgoing, emptyThread, leavesGap, queueOutgoing, turnChanged, withConversation } from './thread.ts';

function message(seq: number, fields: Partial<Message> = {}): Message {
  const at = `2026-11-20T10:00:${String(seq).padStart(2, '0')}.000Z`;
  return { message_id: `MSG-${seq}`, conversation_id: 'CONV-1', seq, role: 'user', sender: 'John', message: `Message ${seq}`, at, received_at: at, ...fields };
}

const detail = { conversation_id: 'CONV-1', version: 4, status: 'active', notes: [], viewers: [], turns: [] } as unknown as ConversationDetail;
const withMessages = (...seqs: number[]) => addMessages(emptyThread, seqs.map((seq) => message(seq)));

test('messages come in any order, from anywhere, and stand once in order of seq', () => {
  let state = withMessages(3, 1);
  state = addMessages(state, [message(2), message(3), message(1)]);
  state = applyThreadEvent(state, 'CONV-1', { id: 9, type: 'message.new', data: message(4) });
  state = applyThreadEvent(state, 'CONV-1', { id: 9, type: 'message.new', data: message(4) });
  assert.deepEqual(state.messages.map((one) => one.seq), [1, 2, 3, 4]);
});

test('a message of another conversation is not ours', () => {
  const state = withMessages(1);
  assert.equal(applyThreadEvent(state, 'CONV-1', { id: 9, type: 'message.new', data: message(2, { conversation_id: 'CONV-2' }) }), state);
});

test('a message beyond the next is a gap: it waits for those between', () => {
  const state = withMessages(1, 2);
  assert.equal(leavesGap(state, message(3)), false);
  assert.equal(leavesGap(state, message(4)), true);
  assert.deepEqual(applyThreadEvent(state, 'CONV-1', { id: 9, type: 'message.new', data: message(4) }).messages.length, 2);
});

test('our own message takes the place of its outgoing copy, whichever way it comes back', () => {
  const sending = queueOutgoing(withMessages(1), { clientId: 'c1', text: 'Hello', at: '', state: 'sending' });
  const echo = message(2, { role: 'staff', client_message_id: 'c1' });
  assert.deepEqual(applyThreadEvent(sending, 'CONV-1', { id: 9, type: 'message.new', data: echo }).outgoing, []);
  const answered = addMessages(sending, [echo]);
  assert.deepEqual([answered.outgoing.length, answered.messages.length], [0, 2]);
  assert.equal(addMessages(answered, [echo]), answered);
});

test('a failed message keeps its place in line and can be taken back', () => {
  let state = queueOutgoing(emptyThread, { clientId: 'c1', text: 'One', at: '', state: 'failed', offline: true });
  state = queueOutgoing(state, { clientId: 'c1', text: 'One', at: '', state: 'sending' });
  assert.deepEqual(state.outgoing.map((item) => item.state), ['sending']);
  assert.deepEqual(dropOutgoing(state, 'c1').outgoing, []);
});

test('a later row changes the detail, an overtaken one does not', () => {
  const state = { ...emptyThread, detail };
  assert.equal(withConversation(state, { ...detail, version: 5, status: 'resolved' }).detail?.status, 'resolved');
  assert.equal(withConversation(state, { ...detail, version: 3, status: 'pending' }).detail?.status, 'active');
  assert.equal(turnChanged(detail, { ...detail, status: 'resolved' }), true);
  assert.equal(turnChanged(detail, { ...detail, version: 9 }), false);
});

test('a note stands once', () => {
  const note: Note = { note_id: 'NOTE-1', body: 'Call back', at: '', staff_id: 'STF-1', name: 'Sarah Johnson' };
  const state = addNote(addNote({ ...emptyThread, detail }, note), note);
  assert.equal(state.detail?.notes.length, 1);
});

test('viewers come and go; a conversation that is no longer ours to see is hidden', () => {
  const seen = (viewing: boolean) => ({ id: 0, type: 'viewing' as const, data: { conversation_id: 'CONV-1', who: 'staff' as const, staff_id: 'STF-2', name: 'Alice', viewing } });
  let state = applyThreadEvent({ ...emptyThread, detail }, 'CONV-1', seen(true));
  state = applyThreadEvent(state, 'CONV-1', seen(true));
  assert.deepEqual(state.detail?.viewers.map((viewer) => viewer.name), ['Alice']);
  assert.deepEqual(applyThreadEvent(state, 'CONV-1', seen(false)).detail?.viewers, []);
  assert.equal(applyThreadEvent(state, 'CONV-1', { id: 3, type: 'conversation.update', data: { conversation_id: 'CONV-1', visible: false } }).hidden, true);
});
