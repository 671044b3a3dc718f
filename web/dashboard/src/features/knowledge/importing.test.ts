import assert from 'node:assert/strict';
import { test } from 'node:test';
import { piecesOfFiles, piecesOfTable, rowsOf } from './importing.ts';

test('rows of a table keep their line breaks and line numbers', () => {
  assert.deepEqual(rowsOf('a,b\r\n"x\ny",1\n\nz,2'), [
    { text: 'a,b', line: 1 },
    { text: '"x\ny",1', line: 2 },
    { text: 'z,2', line: 5 },
  ]);
});

test('pieces of a table have its headings and say where they begin', () => {
  const rows = Array.from({ length: 250 }, (_, index) => `en,t${index},b`);
  const pieces = piecesOfTable(['language,title,body', ...rows].join('\n'));
  assert.deepEqual(pieces.map(({ size }) => size), [100, 100, 50]);
  const second = pieces[1]!.body as { csv: string; first_line: number };
  assert.equal(second.first_line, 102);
  assert.equal(second.csv.split('\n')[0], 'language,title,body');
  assert.equal(second.csv.split('\n')[1], 'en,t100,b');
  const parted = piecesOfTable('h\na\n\nb').map(({ body }) => (body as { first_line: number }).first_line);
  assert.deepEqual(parted, [2, 4]);
  assert.deepEqual(piecesOfTable(''), []);
});

test('files go in pieces', () => {
  const files = Array.from({ length: 45 }, (_, index) => ({ name: `${index}.md`, content: 'x' }));
  assert.deepEqual(piecesOfFiles(files).map(({ size }) => size), [20, 20, 5]);
  assert.equal(piecesOfFiles([{ name: 'a', content: 'x'.repeat(900_000) }, { name: 'b', content: 'x'.repeat(900_000) }]).length, 2);
});
