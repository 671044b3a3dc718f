import type { Department, Staff } from '../../../../shared/api/types.ts';
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
