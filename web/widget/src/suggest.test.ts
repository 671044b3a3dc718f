import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantsSuggestions } from './suggest.ts';

test('articles are looked for once there is something to look for, and only beside the assistant', () => {
  const table: [string, string | undefined, boolean][] = [
    ['', undefined, false],
    ['hello', undefined, false],
    ['a b', undefined, false],
    ['how do I apply', undefined, true],
    ['  how do I apply  ', 'bot', true],
    ['كيف أقدم طلبًا', 'bot', true],
    ['how do I apply', 'queue', false],
    ['how do I apply', 'staff', false],
  ];
  for (const [text, handler, wanted] of table) assert.equal(wantsSuggestions(text, handler), wanted, `${text} (${handler})`);
});
