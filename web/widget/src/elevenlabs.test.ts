import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReportQueue, type Outcome, type Report } from './elevenlabs-queue.ts';
import { SessionLines, plainWords } from './elevenlabs-session.ts';

function memory(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start));
  return { kept, getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
}

const report = (id: string): Report => ({ id, body: { message: id } });
const noPause = () => Promise.resolve();

test('lines of a session: who, what, and the how-manieth time', () => {
  const lines = new SessionLines();
  assert.equal(lines.outgoing({ type: 'user_activity' }), null);
  assert.equal(lines.outgoing({ type: 'user_message', text: '  ' }), null);
  assert.equal(lines.outgoing({ type: 'user_message', text: null }), null);
  assert.deepEqual(lines.outgoing({ type: 'user_message', text: 'yes' }), { sender: 'user', message: 'yes', occurrence: 1 });
  assert.equal(lines.outgoing({ type: 'user_message', text: ' yes\n' })?.occurrence, 2);
  const spoken = { type: 'user_transcript', user_transcription_event: { user_transcript: 'Yes', event_id: 3 } };
  assert.deepEqual(lines.incoming(spoken), { sender: 'user', message: 'Yes', occurrence: 1 });
  const answer = { type: 'agent_response', agent_response_event: { agent_response: 'yes', event_id: 4 } };
  assert.deepEqual(lines.incoming(answer), { sender: 'assistant', message: 'yes', occurrence: 1 });
  for (const odd of [null, 7, 'x', {}, { type: 'agent_response' }, { type: 'ping', ping_event: { event_id: 1 } }])
    assert.equal(lines.incoming(odd), null);
  assert.equal(plainWords('\t I  need\nhelp '), 'I need help');
});

test('reports go in order, and each until the server has it', async () => {
  const store = memory();
  const tries: string[] = [];
  const answers: Outcome[] = ['later', 'sent', 'refused', 'sent'];
  const queue = new ReportQueue(store, 'q', (r) => { tries.push(r.id); return Promise.resolve(answers.shift() ?? 'sent'); }, noPause);
  for (const id of ['a', 'b', 'c']) queue.add(report(id));
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(tries, ['a', 'a', 'b', 'c']);
  assert.equal(queue.size, 0);
  assert.equal(store.kept.get('q'), '[]');
});

test('what was not sent is sent by the next page', async () => {
  const store = memory();
  const stuck = new ReportQueue(store, 'q', () => new Promise(() => undefined), noPause);
  stuck.add(report('a'));
  stuck.add(report('b'));
  const sent: string[] = [];
  const next = new ReportQueue(store, 'q', (r) => { sent.push(r.id); return Promise.resolve('sent' as const); }, noPause);
  await next.pump();
  assert.deepEqual(sent, ['a', 'b']);
});

test('damaged or foreign storage is an empty queue, and a full one still sends', async () => {
  for (const text of ['{', '7', 'null', '[1,{"id":2}]']) {
    assert.equal(new ReportQueue(memory({ q: text }), 'q', () => Promise.resolve('sent'), noPause).size, 0);
  }
  const full = { getItem: () => null, setItem: () => { throw new Error('full'); } };
  const sent: string[] = [];
  const queue = new ReportQueue(full, 'q', (r) => { sent.push(r.id); return Promise.resolve('sent' as const); }, noPause);
  queue.add(report('a'));
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(sent, ['a']);
});
