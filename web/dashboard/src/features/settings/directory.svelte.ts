import type { Department, Page, Staff } from '../../../../shared/api/types.ts';
import { api } from '../session/session.svelte.ts';

/** Colleagues and departments: who a chat can be passed to, and what admins edit. */
class Directory {
  staff = $state.raw<readonly Staff[]>([]);
  departments = $state.raw<readonly Department[]>([]);

  async load(): Promise<void> {
    const [staff, departments] = await Promise.allSettled([
      api.get<Page<Staff>>('/staff', { query: { limit: 500 } }),
      api.get<Page<Department>>('/departments', { query: { limit: 500 } }),
    ]);
    if (staff.status === 'fulfilled') this.staff = staff.value.items;
    if (departments.status === 'fulfilled') this.departments = departments.value.items;
  }
}

export const directory = new Directory();
