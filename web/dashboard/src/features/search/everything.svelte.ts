import type { SearchHit, SearchPage } from '../../../../shared/api/desk.ts';
import { api } from '../session/session.svelte.ts';
import { gather } from '../../lib/gather.ts';
import { noSearchFilters, searchQuery, type SearchFilters } from './hits.ts';

const PAUSE_MS = 250;
/** The server looks at a part of what was written at a time: little in one may mean much in the next. */
const ENOUGH = 10;
const MOST_PAGES = 8;

/** The search over everything: conversations, messages, tickets and customers. */
class Everything {
  q = $state('');
  filters = $state<SearchFilters>({ ...noSearchFilters });
  hits = $state.raw<readonly SearchHit[]>([]);
  cursor = $state<string | null>(null);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  readonly filtered = $derived(Object.values(this.filters).filter(Boolean).length);
  readonly active = $derived(this.q.trim() !== '' || this.filtered > 0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  /** Takes over the words of the address. */
  open(q: string): void {
    if (q === this.q) return;
    this.q = q;
    void this.load();
  }

  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PAUSE_MS);
  }

  use(q: string, filters: SearchFilters): void {
    this.q = q;
    this.filters = filters;
    void this.load();
  }

  clear(): void {
    this.#request?.abort();
    this.q = '';
    this.filters = { ...noSearchFilters };
    this.hits = [];
    this.phase = 'idle';
  }

  async load(cursor: string | null = null): Promise<void> {
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (!this.active) {
      this.hits = [];
      this.cursor = null;
      this.phase = 'idle';
      return;
    }
    const request = (this.#request = new AbortController());
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const words = searchQuery(this.q, this.filters);
      let before = cursor ? this.hits : [];
      const ask = (from: string | null) => api.get<SearchPage>('/search', { query: { ...words, limit: 30, cursor: from }, signal: request.signal });
      await gather(ask, cursor, ENOUGH, MOST_PAGES, (page) => {
        this.hits = before = [...before, ...page.items];
        this.cursor = page.next_cursor;
        this.phase = before.length ? 'ready' : 'loading';
      });
      this.phase = 'ready';
    } catch {
      if (!request.signal.aborted) this.phase = 'failed';
    }
  }
}

export const everything = new Everything();
