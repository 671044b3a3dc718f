import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from './api.ts';
import { catalogues, choices, department, speaker, status, withLine, type Line, type TextKey } from './texts.ts';

const blank = (): Call => ({
  call_id: '',
  conversation_id: '',
  stage: 'welcome',
  stages: [],
  language: null,
  status: 'active',
  handling: null,
  customer: { name: '', phone: '', email: '', service_type: '' },
  department: null,
  ticket_id: null,
  started_at: '',
  updated_at: '',
});

test('both languages have the same places in every text', () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(catalogues.en) as TextKey[])
    assert.deepEqual(places(catalogues.ar[key]), places(catalogues.en[key]), key);
  assert.equal(speaker('en')('steps', { now: 2, all: 9 }), 'Step 2 of 9');
});

test('the question decides which answers can be pressed', () => {
  const at = (stage: string, more = {}) => choices({ ...blank(), stage, ...more }).map((c) => c.text);
  assert.deepEqual(at('confirm_data'), ['1', '2']);
  assert.deepEqual(at('collect_email', { language: 'ar' }), ['تخطي']);
  assert.deepEqual(at('collect_service_type'), ['1', '2', '3']);
  assert.deepEqual(at('collect_name'), []);
  assert.deepEqual(at('confirm_data', { handling: 'agent' }), []);
  assert.deepEqual(at('confirm_data', { status: 'ended' }), []);
});

test('the status goes from connecting to ended', () => {
  assert.equal(status(null, null).key, 'status.connecting');
  assert.equal(status(blank(), null).key, 'status.active');
  assert.equal(status({ ...blank(), handling: 'agent' }, null).key, 'status.waiting');
  assert.equal(status({ ...blank(), handling: 'agent' }, 'Sarah').key, 'status.person');
  assert.equal(status({ ...blank(), status: 'on_hold' }, 'Sarah').key, 'status.on_hold');
  assert.equal(status({ ...blank(), status: 'ended' }, 'Sarah').key, 'status.ended');
});

test('a department has a name', () => {
  assert.equal(department('sales', speaker('ar')), 'المبيعات');
  assert.equal(department('garden', speaker('en')), 'garden');
  assert.equal(department(null, speaker('en')), '');
});

test('a line has one place', () => {
  const line = (sequence: number): Line => ({ sequence, speaker: 'ai', speaker_name: '', text: String(sequence) });
  const lines = [3, 1, 2, 3, 1].reduce((all, n) => withLine(all, line(n)), [] as Line[]);
  assert.deepEqual(lines.map((l) => l.sequence), [1, 2, 3]);
});
