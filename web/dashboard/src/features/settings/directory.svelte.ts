import type { Department, Staff } from '../../../../shared/api/types.ts';
import { i18n } from '../../lib/i18n.svelte.ts';
import { api } from '../session/session.svelte.ts';

/** Colleagues and departments: who a chat can be passed to, and what admins edit. */
class Directory {
  staff = $state.raw<readonly Staff[]>([]);
  departments = $state.raw<readonly Department[]>([]);

  async load(): Promise<void> {
    const [staff, departments] = await Promise.allSettled([
      api.all<Staff>('/staff'),
      api.all<Department>('/departments'),
    ]);
    if (staff.status === 'fulfilled') this.staff = staff.value;
    if (departments.status === 'fulfilled') this.departments = departments.value;
  }
}

export const directory = new Directory();

/** The name of a department in the reader's language; a slug that is not there any more stands for itself. */
export function departmentName(slug: string): string {
  const department = directory.departments.find((one) => one.slug === slug);
  return department ? i18n.department(department) : slug;
}
