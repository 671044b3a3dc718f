import type { ArticleDay } from '../../../../shared/api/knowledge.ts';

const DAY_MS = 86_400_000;

/** The last days one by one, also those on which nothing happened. */
export function week(days: readonly ArticleDay[], now: number, count: number): { day: string; used: number }[] {
  const known = new Map(days.map((day) => [day.day, day.answered + day.inserted]));
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(now - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return { day, used: known.get(day) ?? 0 };
  });
}

/** Of a hundred conversations that the article answered, how many went on without a person; null: it answered none. */
export function spared(days: readonly ArticleDay[]): number | null {
  const answered = days.reduce((sum, day) => sum + day.answered, 0);
  const handed = days.reduce((sum, day) => sum + day.handovers, 0);
  return answered ? Math.round((100 * Math.max(0, answered - handed)) / answered) : null;
}
