import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionsOf, conditionsText, headersOf, sendOf } from './setup.ts';

test('conditions are lines, and come back as they were', () => {
  const conditions = [
    { place: '/event', equals: 'message' },
    { place: '/n', equals: 5 },
    { place: '/n', equals: '5' },
    { place: '/deleted', equals: null },
    { place: '/a', equals: 'x = y' },
    { place: '/flag', equals: true },
  ];
  assert.deepEqual(conditionsOf(conditionsText(conditions)), conditions);
  assert.deepEqual(conditionsOf(' /event = message \n\n /type=chat'), [
    { place: '/event', equals: 'message' },
    { place: '/type', equals: 'chat' },
  ]);
  assert.deepEqual(conditionsOf(''), []);
});

test('headers are lines', () => {
  assert.deepEqual(headersOf('apikey: a:b\n\nAuthorization: Bearer x'), { apikey: 'a:b', Authorization: 'Bearer x' });
});

test('what is not entered stays as it is', () => {
  const form = { url: '', headers: '', body: ' {} ', format: 'json' as const };
  assert.equal(sendOf(form, false), undefined);
  assert.deepEqual(sendOf(form, true), { body: '{}', format: 'json' });
  assert.deepEqual(sendOf({ ...form, url: ' https://x ', headers: 'a: b' }, false), { url: 'https://x', headers: { a: 'b' }, body: '{}', format: 'json' });
});
