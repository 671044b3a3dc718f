import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogues, moment, speaker, type TextKey } from './texts.ts';

test('both languages have the same places in every text', () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(catalogues.en) as TextKey[])
    assert.deepEqual(places(catalogues.ar[key]), places(catalogues.en[key]), key);
});

test('places are filled', () => {
  assert.equal(speaker('en')('number', { id: 'TKT_20240101_XYZ9' }), 'Request TKT_20240101_XYZ9');
  assert.equal(speaker('ar')('number', { id: 'TKT_20240101_XYZ9' }), 'الطلب \u2068TKT_20240101_XYZ9\u2069');
});

test('times have Latin digits, and what is no time is nothing', () => {
  assert.match(moment('2026-11-20T10:00:00.000Z', 'ar'), /2026/);
  assert.equal(moment('soon', 'en'), '');
});
