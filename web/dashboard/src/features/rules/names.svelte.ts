import type { Category } from '../../../../shared/api/admin.ts';
import { i18n, t, type Key } from '../../lib/i18n.svelte.ts';
import { api } from '../session/session.svelte.ts';
import { departmentName, directory } from '../settings/directory.svelte.ts';
import type { Names } from './sentence.ts';

/** Categories are named in rules, macros and policies, and chosen from there. */
class CategoryNames {
  items = $state.raw<readonly Category[]>([]);

  async load(): Promise<void> {
    const [categories] = await Promise.allSettled([api.all<Category>('/categories'), directory.departments.length ? null : directory.load()]);
    if (categories.status === 'fulfilled') this.items = categories.value;
  }

  name(slug: string): string {
    const category = this.items.find((one) => one.slug === slug);
    return category ? i18n.department(category) : slug;
  }
}

export const categoryNames = new CategoryNames();

/** How rules are put into words for this reader. */
export const names: Names = {
  text: (key, params) => t(key as Key, params),
  list: (items, kind) => new Intl.ListFormat(i18n.locale, { type: kind === 'and' ? 'conjunction' : 'disjunction' }).format(items),
  department: departmentName,
  category: (slug) => categoryNames.name(slug),
};
