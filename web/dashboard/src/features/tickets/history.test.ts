import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from './history.ts';

const table: [unknown, 'en' | 'ar', string][] = [
  [null, 'en', ''],
  ['high', 'en', 'high'],
  [3, 'en', '3'],
  [['a', 'b'], 'en', 'a, b'],
  [['a', 'b'], 'ar', 'a، b'],
  [{ staff_id: 'STF-1', name: 'Alice' }, 'en', 'Alice'],
  [{ slug: 'sales', name_en: 'Sales', name_ar: 'المبيعات' }, 'ar', 'المبيعات'],
  [{ slug: 'sales', name_en: 'Sales', name_ar: '' }, 'ar', 'Sales'],
  [{ odd: 1 }, 'en', '{"odd":1}'],
];
for (const [value, language, text] of table) {
  test(`${JSON.stringify(value)} in ${language}`, () => assert.equal(plain(value, language), text));
}
