import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyAction, type KeyPress } from './keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({ key, ctrlKey: false, metaKey: false, altKey: false, typing: false, inDialog: false, ...more });

const table: [KeyPress, ReturnType<typeof keyAction>][] = [
  [press('j'), 'next'],
  [press('J'), 'next'],
  [press('k'), 'previous'],
  [press('Escape'), 'back'],
  [press('r'), 'reply'],
  [press('n'), 'note'],
  [press('?'), 'help'],
  [press('/'), 'search'],
  [press('k', { ctrlKey: true }), 'palette'],
  [press('k', { metaKey: true }), 'palette'],
  [press('k', { ctrlKey: true, typing: true }), 'palette'],
  [press('k', { ctrlKey: true, inDialog: true }), 'palette'],
  [press('r', { ctrlKey: true }), null],
  [press('j', { typing: true }), null],
  [press('Escape', { inDialog: true }), null],
  [press('j', { altKey: true }), null],
  [press('k', { altKey: true, ctrlKey: true }), null],
  [press('x'), null],
];

for (const [input, action] of table) {
  test(`${JSON.stringify(input)} is ${action}`, () => assert.equal(keyAction(input), action));
}
