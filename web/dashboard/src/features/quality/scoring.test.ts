import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Criterion } from '../../../../shared/api/admin.ts';
import { filled, idFor, shares, total } from './scoring.ts';

const criterion = (id: string, weight: number, scale: number): Criterion => ({ id, weight, scale, label_en: id, label_ar: id });
const criteria = [criterion('tone', 1, 5), criterion('accuracy', 3, 10)];

test('the total is weighted and from 0 to 100', () => {
  assert.equal(total(criteria, { tone: 5, accuracy: 10 }), 100);
  assert.equal(total(criteria, { tone: 0, accuracy: 10 }), 75);
  assert.equal(total(criteria, { tone: 4 }), 80);
  assert.equal(total(criteria, { tone: 9 }), 100);
  assert.equal(total(criteria, {}), null);
  assert.deepEqual(shares(criteria), [25, 75]);
  assert.deepEqual(shares([]), []);
});

test('months without a review are gaps, and the picture has an end', () => {
  const months = [{ month: '2026-02', average: 80, reviews: 3 }, { month: '2025-12', average: 60, reviews: 1 }];
  assert.deepEqual(filled(months).map(({ month, average }) => `${month} ${average}`), ['2025-12 60', '2026-01 null', '2026-02 80']);
  assert.deepEqual(filled(months, 2).map(({ month }) => month), ['2026-01', '2026-02']);
  assert.deepEqual(filled([]), []);
});

test('ids are made of names and differ', () => {
  assert.equal(idFor('Tone of voice!', []), 'tone_of_voice');
  assert.equal(idFor('Tone', ['tone', 'tone_2']), 'tone_3');
  assert.equal(idFor('أسلوب', []), 'criterion');
});
