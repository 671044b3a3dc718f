import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translator } from './translate.ts';

const catalogue = { delete: 'Delete {name}?', chats: { one: '{n} chat', other: '{n} chats' }, both: '{a} ({b})' };

test('a name in the other direction keeps its direction to itself', () => {
  const say = translator('en', catalogue);
  assert.equal(say('delete', { name: 'John' }), 'Delete John?');
  assert.equal(say('delete', { name: 'سارة' }), 'Delete \u2068سارة\u2069?');
  assert.equal(translator('ar', { delete: 'حذف {name}؟' })('delete', { name: 'John (UAE)' }), 'حذف \u2068John (UAE)\u2069؟');
  assert.equal(translator('ar', { delete: 'حذف {name}؟' })('delete', { name: 'سارة' }), 'حذف سارة؟');
});

test('numbers are written for the language, and choose the plural', () => {
  const say = translator('en', catalogue);
  assert.equal(say('chats', { n: 1 }), '1 chat');
  assert.equal(say('chats', { n: 1200 }), '1,200 chats');
});

test('a place that is not filled stays, and so does a key without a text', () => {
  const say = translator('en', catalogue);
  assert.equal(say('both', { a: 'x' }), 'x ({b})');
  assert.equal(say('missing'), 'missing');
  assert.equal(translator('ar', {}, { both: '{a}' })('both', { a: '1' }), '1');
});
