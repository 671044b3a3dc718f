import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difference } from './difference.ts';

const signs = { same: ' ', added: '+', removed: '-' };
const shown = (before: string, after: string) => difference(before, after).map(({ kind, text }) => signs[kind] + text);

const table: [string, string, string, string[]][] = [
  ['nothing', 'a\nb', 'a\nb', [' a', ' b']],
  ['a line added', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
  ['a line removed', 'a\nb\nc', 'a\nc', [' a', '-b', ' c']],
  ['a line changed', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
  ['two places', 'a\nb\nc\nd\ne', 'a\nx\nc\ny\ne', [' a', '-b', '+x', ' c', '-d', '+y', ' e']],
  ['everything', 'a', 'b', ['-a', '+b']],
  ['the same line again', 'a\na', 'a', [' a', '-a']],
];
for (const [name, before, after, lines] of table) test(name, () => assert.deepEqual(shown(before, after), lines));

test('very long texts do not take long', () => {
  const long = (word: string) => Array.from({ length: 5000 }, (_, index) => word + index).join('\n');
  assert.equal(difference(long('a'), long('b')).length, 10_000);
});
