import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blank, bodyOf, contradiction, limits } from './scenarios.ts';

test('a scenario is sent without what the server keeps itself', () => {
  const values = { ...blank(), scenario_id: 'SCN-3', slug: ' shop ', name_en: ' Shop ', name_ar: 'متجر', is_default: true };
  const fresh = bodyOf(values, true);
  assert.equal(fresh['slug'], 'shop');
  assert.equal(fresh['name_en'], 'Shop');
  const changed = bodyOf(values, false);
  for (const key of ['slug', 'scenario_id', 'is_default']) assert.ok(!(key in changed), key);
});

test('thresholds that contradict each other are noticed', () => {
  const { thresholds } = blank();
  assert.equal(contradiction(thresholds), null);
  assert.equal(contradiction({ ...thresholds, suggest: 0.7 }), 'assistant.suggestAbove');
});

test('what a new scenario begins with lies within the bounds', () => {
  const { thresholds } = blank();
  for (const { key, min, max } of limits) assert.ok(thresholds[key] >= min && thresholds[key] <= max, key);
});
