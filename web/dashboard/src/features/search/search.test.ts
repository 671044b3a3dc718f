import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hitRoute, hitType, noSearchFilters, searchFiltersFrom, searchQuery } from './hits.ts';
import { pieces } from './snippet.ts';

const text = (snippet: string) => pieces(snippet).map(({ text, found }) => (found ? `<${text}>` : text)).join('|');

const snippets: [string, string][] = [
  ['', ''],
  ['nothing', 'nothing'],
  ['a [[b]] c', 'a |<b>| c'],
  ['[[فاتورة]] رقم', '<فاتورة>| رقم'],
  ['[[a]][[b]]', '<a>|<b>'],
  ['[[]] x', ' x'],
  ['open [[ only', 'open [[ only'],
  ['<b>[[x]]</b>', '<b>|<x>|</b>'],
];
for (const [snippet, expected] of snippets) test(`snippet ${snippet}`, () => assert.equal(text(snippet), expected));

test('a hit leads to what was found', () => {
  const hit = { title: '', snippet: '', at: '' };
  assert.deepEqual(hitRoute({ ...hit, type: 'tickets', id: 'TKT_20260105_AB01' }), { name: 'ticket', id: 'TKT_20260105_AB01' });
  assert.deepEqual(hitRoute({ ...hit, type: 'message', id: 'x', conversation_id: 'CONV-1' }), { name: 'conversation', id: 'CONV-1' });
  assert.deepEqual(hitRoute({ ...hit, type: 'contact', id: 'CUST-1' }), { name: 'customer', id: 'CUST-1' });
  assert.deepEqual(hitRoute({ ...hit, type: 'article', id: 'ART-3' }), { name: 'settings', page: 'articles', item: 'ART-3' });
  assert.equal(hitType({ type: 'conversations' }), 'conversation');
});

test('the query says whole days and one kind', () => {
  const query = searchQuery(' parcel ', { ...noSearchFilters, type: 'ticket', from: '2026-01-05', to: '2026-01-05' });
  assert.equal(query['q'], 'parcel');
  assert.equal(query['types'], 'tickets');
  assert.equal(Date.parse(String(query['to'])) - Date.parse(String(query['from'])), 86_400_000 - 1);
});

test('a saved view may say too little or too much', () => {
  assert.deepEqual(searchFiltersFrom({ type: 'ticket', tag: 'vip', colour: 'red', rating: 5 }), { ...noSearchFilters, type: 'ticket', tag: 'vip' });
  assert.deepEqual(searchFiltersFrom({ type: 'planet' }), noSearchFilters);
});
