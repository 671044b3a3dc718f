import type { SavedView } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { api } from '../session/session.svelte.ts';
import { viewId, viewsOf, type ViewArea } from './views.ts';

/** Saved views of every area: named filters, one's own or shared with the team. */
class Views {
  all = $state.raw<readonly SavedView[]>([]);
  #loading: Promise<void> | null = null;

  of(area: ViewArea): SavedView[] {
    return viewsOf(this.all, area);
  }

  /** Once for all who show views; a list that cannot be had shows no views. */
  load(): Promise<void> {
    return (this.#loading ??= this.#fetch());
  }

  async save(area: ViewArea, name: string, filters: object, shared: boolean): Promise<void> {
    await api.post('/views', { name, filters: { area, ...filters }, shared });
    await this.#fetch();
  }

  async remove(view: SavedView): Promise<void> {
    await api.delete(`/views/${encodeURIComponent(viewId(view))}`);
    await this.#fetch();
  }

  clear(): void {
    this.all = [];
    this.#loading = null;
  }

  async #fetch(): Promise<void> {
    try {
      this.all = (await api.get<Page<SavedView>>('/views')).items;
    } catch {
      this.#loading = null;
    }
  }
}

export const views = new Views();
