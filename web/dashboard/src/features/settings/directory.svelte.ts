import type { Department, Staff } from '../../../../shared/api/types.ts';
import { i18n, t } from '../../lib/i18n.svelte.ts';
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

/** The departments as the choices of a filter. */
export function departmentChoices(): { value: string; label: string }[] {
  return directory.departments.map((one) => ({ value: one.slug, label: i18n.department(one) }));
}

/** Whose work it is, as the choices of a filter: oneself, nobody, or a colleague. */
export function assigneeChoices(): { value: string; label: string }[] {
  const people = directory.staff.map((one) => ({ value: one.staff_id, label: one.name }));
  return [{ value: 'me', label: t('search.me') }, { value: 'none', label: t('search.nobody') }, ...people];
}

/** The name of a department in the reader's language; a slug that is not there any more stands for itself. */
export function departmentName(slug: string): string {
  const department = directory.departments.find((one) => one.slug === slug);
  return department ? i18n.department(department) : slug;
}
