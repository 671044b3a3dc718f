import type { Holiday, Span } from '../../../../shared/api/admin.ts';

/** Minutes after midnight; `to` may be 1440, the end of the day. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Seven days from Monday, each with its intervals in order, apart from one another. */
export type Week = readonly (readonly Interval[])[];

export const DAY = 1440;
/** The picture's grid, and the shortest interval. */
export const STEP = 15;

export function minutes(clock: string): number {
  const [hours = 0, rest = 0] = clock.split(':').map(Number);
  return Math.min(DAY, hours * 60 + rest);
}

export function clock(at: number): string {
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

/** In order, with what overlaps or touches made one, and without what is empty. */
export function tidy(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of [...intervals].filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && next.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    else result.push(next);
  }
  return result;
}

export function weekOf(spans: readonly Span[]): Interval[][] {
  return Array.from({ length: 7 }, (_, index) =>
    tidy(spans.filter((span) => span.day === index + 1).map((span) => ({ from: minutes(span.from), to: minutes(span.to) }))),
  );
}

export function spansOf(week: Week): Span[] {
  return week.flatMap((day, index) => tidy(day).map(({ from, to }) => ({ day: index + 1, from: clock(from), to: clock(to) })));
}

/** A new interval around a minute: four hours, or what the neighbours leave. Null where there is no room. */
export function added(day: readonly Interval[], at: number): Interval[] | null {
  const from = Math.floor(at / 60) * 60;
  const before = day.filter((one) => one.from <= at).at(-1);
  const after = day.find((one) => one.from > at);
  const start = Math.max(from, before ? before.to + STEP : 0);
  const end = Math.min(start + 240, DAY, after ? after.from - STEP : DAY);
  if ((before && at < before.to) || end - start < STEP) return null;
  return tidy([...day, { from: start, to: end }]);
}

/** Moves one edge, or the whole interval, as far as the day and the neighbours allow. */
export function moved(day: readonly Interval[], index: number, edge: 'from' | 'to' | 'both', by: number): Interval[] {
  const one = day[index];
  if (!one) return [...day];
  const low = day[index - 1] ? day[index - 1]!.to + STEP : 0;
  const high = day[index + 1] ? day[index + 1]!.from - STEP : DAY;
  const within = (value: number, min: number, max: number) => Math.max(min, Math.min(max, value));
  let next: Interval;
  if (edge === 'from') next = { ...one, from: within(one.from + by, low, one.to - STEP) };
  else if (edge === 'to') next = { ...one, to: within(one.to + by, one.from + STEP, high) };
  else {
    const shift = within(by, low - one.from, high - one.to);
    next = { from: one.from + shift, to: one.to + shift };
  }
  return day.map((other, position) => (position === index ? next : other));
}

/** Days in a row with the same hours, as one line each: [first day, last day, intervals]. */
export function lines(week: Week): { first: number; last: number; day: readonly Interval[] }[] {
  const result: { first: number; last: number; day: readonly Interval[] }[] = [];
  week.forEach((day, index) => {
    const last = result.at(-1);
    if (last && JSON.stringify(last.day) === JSON.stringify(day)) last.last = index;
    else result.push({ first: index, last: index, day });
  });
  return result;
}

/** Whether a desk answers at a moment, by its own clock. Without any hours it always does. */
export function stateAt(week: Week, holidays: readonly Holiday[], zone: string, now: number): 'open' | 'closed' | 'holiday' {
  let parts: Record<string, string>;
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone || 'UTC',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      weekday: 'short',
      hourCycle: 'h23',
    });
    parts = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  } catch {
    return 'closed'; // a zone this browser does not know
  }
  if (holidays.some((holiday) => holiday.date === `${parts['year']}-${parts['month']}-${parts['day']}`)) return 'holiday';
  if (week.every((day) => day.length === 0)) return 'open';
  const day = week[['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '')] ?? [];
  const at = Number(parts['hour']) * 60 + Number(parts['minute']);
  return day.some(({ from, to }) => from <= at && at < to) ? 'open' : 'closed';
}

const days = (which: readonly number[], ...intervals: Interval[]): Interval[][] =>
  Array.from({ length: 7 }, (_, index) => (which.includes(index) ? intervals : []));

/** Weeks to start from. */
export const presets = {
  office: days([0, 1, 2, 3, 4], { from: 480, to: 1020 }),
  split: days([0, 1, 2, 3, 4], { from: 480, to: 780 }, { from: 840, to: 1080 }),
  sunday: days([6, 0, 1, 2, 3], { from: 480, to: 960 }),
  always: days([0, 1, 2, 3, 4, 5, 6], { from: 0, to: DAY }),
  none: days([]),
} as const;
