import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byKey, promptPath, withCall, withLine, type Call, type Line } from './calls.ts';

const call = (call_id: string, updated_at: string, more: Partial<Call> = {}): Call => ({
  call_id,
  conversation_id: 'CONV-1',
  stage: 'welcome',
  stages: [],
  language: 'en',
  status: 'active',
  handling: null,
  customer: { name: '', phone: '', email: '', service_type: '' },
  department: null,
  ticket_id: null,
  started_at: '2026-11-20T10:00:00.000Z',
  updated_at,
  ...more,
});

test('a call is replaced by its newer state, and leaves when it ends', () => {
  const calls = [call('A', '1', { muted: true }), call('B', '1')];
  assert.equal(withCall(calls, call('A', '2', { stage: 'collect_name' }))[0]?.stage, 'collect_name');
  assert.equal(withCall(calls, call('A', '2'))[0]?.muted, true);
  assert.equal(withCall(calls, call('A', '0', { stage: 'collect_name' })), calls);
  assert.equal(withCall(calls, call('C', '2')), calls);
  assert.deepEqual(withCall(calls, call('A', '2', { status: 'ended' })).map((c) => c.call_id), ['B']);
});

test('a line has one place', () => {
  const line = (sequence: number): Line => ({ sequence, speaker: 'ai', speaker_name: '', text: '', timestamp: '' });
  const lines = [2, 1, 2].reduce((all, n) => withLine(all, line(n)), [] as readonly Line[]);
  assert.deepEqual(lines.map((l) => l.sequence), [1, 2]);
});

test('a prompt has an address', () => {
  const prompt = { department: 'sales', key: 'answer', language: 'ar', body: '', shipped: '', about: '', changed: false, variables: [] } as const;
  assert.equal(promptPath({ ...prompt, variables: [] }), '/prompts/sales/answer/ar');
});

test('a prompt stands beside its translation, in the order they come', () => {
  const prompt = (key: string, language: 'en' | 'ar') => ({ department: 'sales', key, language, body: '', shipped: '', about: '', changed: false, variables: [] });
  const [welcome, ask, askArabic, welcomeArabic] = [prompt('welcome', 'en'), prompt('ask', 'en'), prompt('ask', 'ar'), prompt('welcome', 'ar')];
  assert.deepEqual(byKey([welcome, ask, askArabic, welcomeArabic]), [
    { key: 'welcome', en: welcome, ar: welcomeArabic },
    { key: 'ask', en: ask, ar: askArabic },
  ]);
  assert.deepEqual(byKey([askArabic]), [{ key: 'ask', ar: askArabic }]);
});
