import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArticleDay } from '../../../../shared/api/knowledge.ts';
import { spared, week } from './numbers.ts';

const day = (name: string, answered: number, handovers = 0): ArticleDay => ({ day: name, shown: 0, answered, inserted: 1, helpful: 0, unhelpful: 0, handovers });

test('days without anything have their place', () => {
  const bars = week([day('2026-11-18', 4)], Date.parse('2026-11-20T10:00:00Z'), 3);
  assert.deepEqual(bars, [
    { day: '2026-11-18', used: 5 },
    { day: '2026-11-19', used: 0 },
    { day: '2026-11-20', used: 0 },
  ]);
});

test('how many conversations did not need a person', () => {
  assert.equal(spared([]), null);
  assert.equal(spared([day('2026-11-18', 8, 2), day('2026-11-19', 2)]), 80);
  assert.equal(spared([day('2026-11-18', 1, 2)]), 0);
});
