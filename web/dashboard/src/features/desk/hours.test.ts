import assert from 'node:assert/strict';
import { test } from 'node:test';
import { added, clock, DAY, lines, minutes, moved, presets, spansOf, stateAt, tidy, weekOf, type Interval } from './hours.ts';

const of = (text: string): Interval[] =>
  text.split(' ').filter(Boolean).map((span) => {
    const [from, to] = span.split('-') as [string, string];
    return { from: minutes(from), to: minutes(to) };
  });
const show = (day: readonly Interval[] | null) => day?.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(' ') ?? null;

test('a clock and its minutes', () => {
  for (const text of ['00:00', '09:05', '23:45', '24:00']) assert.equal(clock(minutes(text)), text);
});

const untidy: [string, string][] = [
  ['14:00-17:00 09:00-13:00', '09:00-13:00 14:00-17:00'],
  ['09:00-13:00 12:00-17:00', '09:00-17:00'],
  ['09:00-13:00 13:00-17:00', '09:00-17:00'],
  ['09:00-17:00 10:00-11:00', '09:00-17:00'],
  ['09:00-09:00 12:00-11:00', ''],
];
for (const [before, after] of untidy) test(`tidy ${before}`, () => assert.equal(show(tidy(of(before))), after));

const moves: [string, number, 'from' | 'to' | 'both', number, string][] = [
  ['09:00-13:00', 0, 'from', -60, '08:00-13:00'],
  ['09:00-13:00', 0, 'from', 999, '12:45-13:00'],
  ['09:00-13:00', 0, 'to', 999, '09:00-24:00'],
  ['09:00-13:00', 0, 'both', -999, '00:00-04:00'],
  ['09:00-13:00 14:00-17:00', 0, 'to', 120, '09:00-13:45 14:00-17:00'],
  ['09:00-13:00 14:00-17:00', 1, 'both', -240, '09:00-13:00 13:15-16:15'],
  ['09:00-13:00', 3, 'to', 60, '09:00-13:00'],
];
for (const [before, index, edge, by, after] of moves) {
  test(`${before}: ${edge} of ${index} by ${by}`, () => assert.equal(show(moved(of(before), index, edge, by)), after));
}

const additions: [string, string, string | null][] = [
  ['', '09:20', '09:00-13:00'],
  ['', '22:30', '22:00-24:00'],
  ['09:00-13:00', '10:00', null],
  ['09:00-13:00', '13:30', '09:00-13:00 13:15-17:15'],
  ['09:00-13:00', '07:00', '07:00-08:45 09:00-13:00'],
];
for (const [before, at, after] of additions) test(`${before || 'nothing'}, added at ${at}`, () => assert.equal(show(added(of(before), minutes(at))), after));

test('spans and weeks are the same thing', () => {
  const spans = [{ day: 1, from: '09:00', to: '13:00' }, { day: 1, from: '14:00', to: '17:00' }, { day: 7, from: '10:00', to: '24:00' }];
  assert.deepEqual(spansOf(weekOf(spans)), spans);
  assert.deepEqual(weekOf([]).length, 7);
});

test('days with the same hours stand on one line', () => {
  assert.deepEqual(lines(presets.office).map(({ first, last, day }) => [first, last, show(day)]), [[0, 4, '08:00-17:00'], [5, 6, '']]);
  assert.equal(lines(presets.always).length, 1);
});

test('open, closed, on holiday', () => {
  const at = (text: string) => Date.parse(text);
  // 2026-11-20 is a Friday. Harare is two hours ahead of UTC all year.
  assert.equal(stateAt(presets.office, [], 'Africa/Harare', at('2026-11-20T06:00:00Z')), 'open');
  assert.equal(stateAt(presets.office, [], 'Africa/Harare', at('2026-11-20T05:59:00Z')), 'closed');
  assert.equal(stateAt(presets.office, [], 'Africa/Harare', at('2026-11-20T15:00:00Z')), 'closed');
  assert.equal(stateAt(presets.office, [{ date: '2026-11-20', name: '' }], 'Africa/Harare', at('2026-11-20T08:00:00Z')), 'holiday');
  assert.equal(stateAt(presets.sunday, [], 'Asia/Riyadh', at('2026-11-20T08:00:00Z')), 'closed');
  assert.equal(stateAt(presets.none, [], 'UTC', at('2026-11-20T03:00:00Z')), 'open');
  assert.equal(stateAt(presets.always, [], 'Nowhere/Land', at('2026-11-20T03:00:00Z')), 'closed');
  assert.equal(presets.always[0]![0]!.to, DAY);
});
