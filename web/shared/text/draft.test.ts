import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remaining } from './draft.ts';

test('what was typed while a message was being sent stays', () => {
  const cases: [draft: string, sent: string, left: string][] = [
    ['Hello', 'Hello', ''],
    ['  Hello \n', 'Hello', ''],
    ['Hello and one more thing', 'Hello', 'and one more thing'],
    ['Hello\n\nsecond', 'Hello', 'second'],
    ['something else by now', 'Hello', 'something else by now'],
    ['', 'Hello', ''],
  ];
  for (const [draft, sent, left] of cases) assert.equal(remaining(draft, sent), left, JSON.stringify(draft));
});
