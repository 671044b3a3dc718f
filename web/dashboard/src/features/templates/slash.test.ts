import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertAt, slashAt } from './slash.ts';

const table: [string, string, string | null][] = [
  ['at the start', '/', ''],
  ['with a word', '/hel', 'hel'],
  ['after a space', 'Hello /do', 'do'],
  ['after a line break', 'Hello\n/do', 'do'],
  ['with more words', '/missing doc', 'missing doc'],
  ['inside a word', 'and/or', null],
  ['inside an address', 'https://example.org', null],
  ['a slash alone between spaces', 'either / or', null],
  ['on another line', '/do\nmore', null],
  ['nothing', 'Hello', null],
  ['in Arabic', 'مرحبا /وثائق', 'وثائق'],
  ['far too long', `/${'x'.repeat(41)}`, null],
];
for (const [name, text, query] of table) test(name, () => assert.equal(slashAt(text, text.length)?.query ?? null, query));

test('only what is before the caret counts', () => assert.equal(slashAt('/hello there', 4)?.query, 'hel'));

test('the text takes the place of what was typed', () => {
  const text = 'Hi /docs';
  assert.deepEqual(insertAt(text, slashAt(text, text.length)!, 'Please send the letter.'), { text: 'Hi Please send the letter.', caret: 26 });
  const middle = '/hix';
  assert.equal(insertAt(middle, slashAt(middle, 3)!, 'Hello').text, 'Hello x');
});
