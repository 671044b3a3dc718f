import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find, type Choice } from './choices.ts';

const choices: Choice[] = [
  { id: 'alice', label: 'Alice', group: 'People', words: 'reception sales' },
  { id: 'zoë', label: 'Zoë Sales-Smith', group: 'People' },
  { id: 'sales', label: 'Sales', group: 'Departments', words: 'sales المبيعات' },
  { id: 'ahmad', label: 'أحمد الهاشمي', group: 'People' },
  { id: 'close', label: 'Close ticket', group: 'This chat', words: 'Resolve' },
];

const table: [typed: string, found: string[]][] = [
  ['', ['alice', 'zoë', 'sales', 'ahmad', 'close']],
  ['sales', ['zoë', 'sales', 'alice']],
  ['  ALI ', ['alice']],
  ['zoe', ['zoë']],
  ['احمد', ['ahmad']],
  ['المبيعات', ['sales']],
  ['tick clo', ['close']],
  ['resolve', ['close']],
  ['lice', []],
  ['alice sales', ['alice']],
];

for (const [typed, found] of table) {
  test(`"${typed}" finds ${found.join(', ') || 'nothing'}`, () =>
    assert.deepEqual(find(choices, typed).map((choice) => choice.id), found));
}
