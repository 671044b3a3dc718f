import type { SavedView } from '../../../../shared/api/desk.ts';

export type ViewArea = 'inbox' | 'tickets' | 'customers' | 'search';

export function viewId(view: SavedView): string {
  return view.view_id ?? view.id ?? '';
}

/** The views of one area, by name. A view that names no area was made for the search page. */
export function viewsOf(all: readonly SavedView[], area: ViewArea): SavedView[] {
  return all
    .filter((view) => (typeof view.filters['area'] === 'string' ? view.filters['area'] : 'search') === area)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether two sets of filters ask for the same: what is empty counts for nothing. */
export function sameFilters(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const said = (filters: Record<string, unknown>) =>
    JSON.stringify(
      Object.entries(filters)
        .filter(([key, value]) => key !== 'area' && value !== '' && value !== null && value !== undefined)
        .sort(([one], [other]) => one.localeCompare(other)),
    );
  return said(a) === said(b);
}
