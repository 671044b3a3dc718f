import type { Criterion, ReviewMonth } from '../../../../shared/api/admin.ts';

/** The total of a review from 0 to 100, as the server counts it: criteria without a score do not weigh. */
export function total(criteria: readonly Criterion[], scores: Readonly<Record<string, number | undefined>>): number | null {
  let sum = 0;
  let weights = 0;
  for (const { id, weight, scale } of criteria) {
    const score = scores[id];
    if (score === undefined || scale <= 0) continue;
    sum += weight * Math.max(0, Math.min(1, score / scale));
    weights += weight;
  }
  return weights ? Math.round((100 * sum) / weights) : null;
}

/** What share of the total each criterion makes, in percent. */
export function shares(criteria: readonly Criterion[]): number[] {
  const all = criteria.reduce((sum, { weight }) => sum + Number(weight || 0), 0);
  return criteria.map(({ weight }) => (all ? Math.round((100 * Number(weight || 0)) / all) : 0));
}

/** Every month from the first to the last, so that a month without a review is a gap in the picture. */
export function filled(months: readonly ReviewMonth[], most = 12): { month: string; average: number | null; reviews: number }[] {
  const sorted = [...months].sort((a, b) => (a.month < b.month ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return [];
  const index = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const result: { month: string; average: number | null; reviews: number }[] = [];
  for (let at = Math.max(index(first.month), index(last.month) - most + 1); at <= index(last.month); at++) {
    const month = `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
    const found = sorted.find((one) => one.month === month);
    result.push({ month, average: found?.average ?? null, reviews: found?.reviews ?? 0 });
  }
  return result;
}

/** A criterion's id from its name: what the server keeps scores under. Never one that is taken. */
export function idFor(label: string, taken: readonly string[]): string {
  const base = label.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 30) || 'criterion';
  let id = base;
  for (let n = 2; taken.includes(id); n++) id = `${base}_${n}`;
  return id;
}
