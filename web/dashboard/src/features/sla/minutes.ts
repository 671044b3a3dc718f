import type { Key } from '../../lib/i18n.svelte.ts';

/** "45 min", "8 h", "1 h 30 min". Not in days: a day of opening hours is not a day. */
export function minutesText(minutes: number, t: (key: Key, params: Record<string, number>) => string): string {
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  if (!h) return t('minutes.label', { n: m });
  return m ? t('hours.minutes', { h, m }) : t('hours.label', { n: h });
}
