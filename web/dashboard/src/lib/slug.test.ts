import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugOf } from './slug.ts';

const table: [string, string][] = [
  ['Sales', 'sales'],
  ['  Visa & Travel  ', 'visa-and-travel'],
  ['Café – Zürich 2', 'cafe-zurich-2'],
  ['المبيعات', ''],
  ['a'.repeat(50), 'a'.repeat(40)],
];

for (const [name, slug] of table) test(JSON.stringify(name), () => assert.equal(slugOf(name), slug));
