import type { InboxState } from '../inbox/inbox.ts';
import { i18n, t } from '../../lib/i18n.svelte.ts';

export interface Figure {
  key: string;
  label: string;
  value: string;
}

/** The day in four figures, as the list's foot, the overview and the wall show it. */
export function todayFigures({ today }: InboxState): Figure[] {
  return [
    { key: 'conversations', label: t('stats.conversations'), value: i18n.number(today.conversations_today) },
    { key: 'resolution', label: t('stats.resolution'), value: duration(today.average_resolution_seconds) },
    {
      key: 'satisfaction',
      label: t('stats.satisfaction'),
      value: today.satisfaction === null ? '–' : t('stats.ofFive', { score: i18n.number(today.satisfaction) }),
    },
    { key: 'response', label: t('stats.firstResponse'), value: duration(today.first_response_seconds) },
  ];
}

function duration(seconds: number | null): string {
  return seconds === null ? '–' : i18n.duration(seconds);
}
