import type { Interval, Week } from './hours.ts';
import { clock, lines } from './hours.ts';

/** The name of a day, Monday = 0. 2024-01-01 was a Monday. */
export function dayName(index: number, locale: string, form: 'long' | 'short' = 'long'): string {
  return new Intl.DateTimeFormat(locale, { weekday: form, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + index));
}

/** "09:00–13:00, 14:00–17:00", or the word for closed. */
export function dayText(day: readonly Interval[], closed: string, comma = ', '): string {
  return day.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(comma) || closed;
}

/** The week in words, one line for days with the same hours. */
export function weekText(week: Week, locale: string, closed: string): { days: string; hours: string }[] {
  const comma = locale.startsWith('ar') ? '، ' : ', ';
  return lines(week).map(({ first, last, day }) => ({
    days:
      first === last
        ? dayName(first, locale, 'short')
        : `${dayName(first, locale, 'short')}–${dayName(last, locale, 'short')}`,
    hours: dayText(day, closed, comma),
  }));
}
