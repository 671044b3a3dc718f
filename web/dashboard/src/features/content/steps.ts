import type { Step, StepKind } from '../../../../shared/api/admin.ts';

export const kinds: readonly StepKind[] = ['send', 'note', 'tag', 'untag', 'assign', 'department', 'priority', 'status', 'category'];
export const statuses = ['active', 'on_hold', 'off_hold', 'bot', 'resolved', 'closed'] as const;

const prefix = 'template:';

/** The shortcut of the template that a step sends, or null when it has a text of its own. */
export function templateOf(step: Step): string | null {
  return step.do === 'send' && step.value.startsWith(prefix) ? step.value.slice(prefix.length) : null;
}

export const asTemplate = (shortcut: string): Step => ({ do: 'send', value: prefix + shortcut });

/** A step of another kind starts with a value that the server would take. */
export function fresh(kind: StepKind): Step {
  const first: Partial<Record<StepKind, string>> = { assign: 'me', priority: 'high', status: 'resolved' };
  return { do: kind, value: first[kind] ?? '' };
}

/** Moves a step by one place. */
export function shifted<T>(items: readonly T[], index: number, by: -1 | 1): T[] {
  const to = index + by;
  if (to < 0 || to >= items.length) return [...items];
  const next = [...items];
  [next[index], next[to]] = [next[to]!, next[index]!];
  return next;
}
