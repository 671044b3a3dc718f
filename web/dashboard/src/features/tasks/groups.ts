import type { Task } from '../../../../shared/api/desk.ts';
import { due, inOrder, type Due } from '../customers/customers.ts';

export const groupNames = ['overdue', 'today', 'later', 'never', 'done'] as const satisfies readonly Due[];

/** Tasks by how pressing they are, the most pressing first; groups without any are left out. */
export function grouped(tasks: readonly Task[], now: number): { name: Due; tasks: Task[] }[] {
  const ordered = inOrder(tasks);
  return groupNames
    .map((name) => ({ name, tasks: ordered.filter((task) => due(task, now) === name) }))
    .filter(({ tasks }) => tasks.length > 0);
}
