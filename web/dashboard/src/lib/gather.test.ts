import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gather, type Part } from './gather.ts';

/** Pages of so many rows each, the last without a cursor. */
function server(...sizes: number[]) {
  const asked: (string | null)[] = [];
  const ask = (cursor: string | null): Promise<Part<number>> => {
    asked.push(cursor);
    const at = Number(cursor ?? 0);
    return Promise.resolve({ items: Array.from({ length: sizes[at] ?? 0 }, (_, n) => n), next_cursor: at + 1 < sizes.length ? String(at + 1) : null });
  };
  return { ask, asked };
}

const table: [string, number[], string | null, number, number][] = [
  ['a full page is enough', [30, 30], null, 30, 1],
  ['a short page goes on to the next', [2, 30, 30], null, 32, 2],
  ['an empty page goes on to the next', [0, 0, 3], null, 3, 3],
  ['without a cursor there are no more', [1], null, 1, 1],
  ['from a cursor', [30, 0, 4], '1', 4, 2],
  ['no longer than it was told to', [0, 0, 0, 0, 0, 0, 0], null, 0, 5],
];
for (const [name, sizes, from, rows, pages] of table) {
  test(name, async () => {
    const { ask, asked } = server(...sizes);
    let seen = 0;
    await gather(ask, from, 20, 5, (part) => (seen += part.items.length));
    assert.deepEqual([seen, asked.length], [rows, pages]);
  });
}
