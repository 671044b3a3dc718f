import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objection } from './objections.ts';

const say = (key: string, params: Record<string, string> = {}) => [key.replace('objection.', ''), ...Object.values(params)].join(' ');

const table: [string, string][] = [
  ['must not be empty', 'empty'],
  ['must have 1 to 200 characters', 'empty'],
  ['value must have 1 to 500 characters', 'empty'],
  ['must have 2 to 40 characters', 'range 2 40'],
  ['must have at most 200 characters', 'atMost 200'],
  ['must be a whole number from 1 to 100', 'between 1 100'],
  ['must be an e-mail address', 'email'],
  ['value must be a list of words', 'words'],
  ['must start with https://', 'https'],
  ['must not be shorter than the time to the first answer', 'order'],
  ['something nobody thought of', 'something nobody thought of'],
];

for (const [message, said] of table) test(message, () => assert.equal(objection(message, say), said));
