import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asTemplate, fresh, kinds, shifted, templateOf } from './steps.ts';

test('a sent template and a text of its own', () => {
  assert.equal(templateOf(asTemplate('hello')), 'hello');
  assert.equal(templateOf({ do: 'send', value: 'Hello' }), null);
  assert.equal(templateOf({ do: 'note', value: 'template:hello' }), null);
});

test('each kind starts as itself', () => {
  for (const kind of kinds) assert.equal(fresh(kind).do, kind);
  assert.equal(fresh('assign').value, 'me');
});

test('steps change places and stay within the list', () => {
  assert.deepEqual(shifted(['a', 'b', 'c'], 1, -1), ['b', 'a', 'c']);
  assert.deepEqual(shifted(['a', 'b'], 1, 1), ['a', 'b']);
  assert.deepEqual(shifted(['a', 'b'], 0, -1), ['a', 'b']);
});
