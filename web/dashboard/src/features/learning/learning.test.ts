import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, shares } from './learning.ts';

test('tasks stand in their order, those without examples are left out', () => {
  assert.deepEqual(counted({ answer: 3, handover: 1, intent: 0, unknown: 9 }), [
    { task: 'handover', count: 1 },
    { task: 'answer', count: 3 },
  ]);
});

test('a run without judged answers says nothing of what is right', () => {
  const run = { run_id: 'RUN-1', source: 'database', at: '2026-01-01T00:00:00Z', threshold: 0.6, questions: 4, answered: 3, judged: 0, correct: 0 };
  assert.deepEqual(shares(run), { answered: 0.75, right: null });
  assert.deepEqual(shares({ ...run, judged: 2, correct: 1 }), { answered: 0.75, right: 0.5 });
  assert.deepEqual(shares({ ...run, questions: 0, answered: 0 }), { answered: 0, right: null });
});
