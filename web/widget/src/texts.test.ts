import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogues, Words, type TextKey } from './texts.ts';

test('both languages have the same places in every text', () => {
  const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(catalogues.en) as TextKey[])
    assert.deepEqual(places(catalogues.ar[key]), places(catalogues.en[key]), key);
});

test('places are filled', () => {
  assert.equal(new Words('en').say('place', { n: 3 }), 'You are number 3 in line');
  assert.equal(new Words('ar').say('place', { n: 3 }), 'دورك رقم 3 في الانتظار');
});

test('days by name, then by date', () => {
  const now = new Date(2026, 10, 20, 0, 5);
  const words = new Words('en');
  const on = (...date: [number, number, number, number]) => words.day(new Date(...date).toISOString(), now);
  assert.equal(on(2026, 10, 20, 0), 'Today');
  assert.equal(on(2026, 10, 19, 23), 'Yesterday');
  assert.match(on(2026, 10, 18, 12), /Wednesday/);
  assert.match(on(2025, 10, 18, 12), /2025/);
  assert.equal(words.day('nonsense', now), '');
});

test('Arabic dates use Arabic words and Latin digits', () => {
  const words = new Words('ar');
  const now = new Date(2026, 10, 20, 12);
  assert.equal(words.day(now.toISOString(), now), 'اليوم');
  assert.match(words.time(new Date(2026, 10, 20, 15, 7).toISOString()), /3:07/);
});
