import assert from 'node:assert/strict';
import test from 'node:test';
import { collected } from './facts.ts';

const call = {
  session: 'conv_1',
  duration_seconds: 84,
  title: 'Scholarship documents',
  summary: 'The caller asked what is missing.',
  successful: 'success',
  data: { missing_document: 'bank statements', children: 2, insured: false, remark: '' },
  evaluation: { was_polite: 'success', 'found-answer': 'failure', upsell: 'not run' },
  ended_because: 'Client disconnected',
};

test('what was collected, by readable names, without what stayed empty', () => {
  assert.deepEqual(collected(call)?.data, [
    { name: 'Missing document', value: 'bank statements' },
    { name: 'Children', value: '2' },
    { name: 'Insured', value: 'false' },
  ]);
});

test('evaluation is passed, failed, or not known', () => {
  assert.deepEqual(collected(call)?.checks, [
    { name: 'Was polite', verdict: 'success' },
    { name: 'Found answer', verdict: 'failure' },
    { name: 'Upsell', verdict: 'unknown' },
  ]);
});

test('nothing found out is nothing to show', () => {
  assert.equal(collected(null), null);
  assert.equal(collected(undefined), null);
  assert.equal(collected({}), null);
  assert.equal(collected({ session: 'conv_1', duration_seconds: 3, successful: 'unknown', data: {}, evaluation: {} }), null);
});

test('a verdict alone is shown, and a call of no length has none', () => {
  const found = collected({ successful: 'failure', duration_seconds: 0 });
  assert.equal(found?.verdict, 'failure');
  assert.equal(found?.seconds, null);
});
