import type { Department, StaffRef, Turn } from '../../../../shared/api/types.ts';
import { i18n, t } from '../../lib/i18n.svelte.ts';

/** How a change of hands reads, as a divider and in the list of turns. */
export function turnText(turn: Turn): { title: string; detail: string } {
  const name = turn.staff?.name ?? '';
  const parts: string[] = [];
  if (turn.kind === 'transfer' && turn.to) parts.push(t('turn.to', { name: target(turn.to) }));
  else if (name) parts.push(name);
  const reason = i18n.either(turn.reason, turn.reason_ar);
  if (reason) parts.push(reason);
  return { title: t(`turn.${turn.kind}`), detail: parts.join(' · ') };
}

function target(to: StaffRef | Department): string {
  return 'slug' in to ? i18n.department(to) : to.name;
}
