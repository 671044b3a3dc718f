import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../../shared/api/desk.ts';
import { grouped } from './groups.ts';

const now = new Date(2026, 0, 5, 12).getTime();
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
const task = (id: string, due_at: string | null, done_at: string | null = null): Task => ({
  task_id: id, title: id, note: '', due_at, done_at, owner: null, contact: null, conversation_id: null, ticket_id: null, created_at: at(-100),
});

test('the most pressing stand first, within a group by their time', () => {
  const groups = grouped([task('later', at(50)), task('no date', null), task('soon', at(1)), task('late', at(-1)), task('later still', at(60)), task('done', at(-5), at(-2))], now);
  assert.deepEqual(
    groups.map(({ name, tasks }) => `${name}: ${tasks.map((one) => one.task_id).join(', ')}`),
    ['overdue: late', 'today: soon', 'later: later, later still', 'never: no date', 'done: done'],
  );
});

test('groups without tasks are left out', () => {
  assert.deepEqual(grouped([], now), []);
});
