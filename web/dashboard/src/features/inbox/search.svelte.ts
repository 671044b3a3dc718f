import type { Conversation, Page } from '../../../../shared/api/types.ts';
import { api } from '../session/session.svelte.ts';

const PAUSE_MS = 250;

export interface Filters {
  department: string;
  priority: string;
  status: string;
  assigned: string;
  from: string;
  to: string;
}

export const noFilters: Filters = { department: '', priority: '', status: '', assigned: '', from: '', to: '' };

/** Past and present conversations by words and filters; the server decides what may be seen. */
class Search {
  text = $state('');
  filters = $state<Filters>({ ...noFilters });
  rows = $state.raw<Conversation[]>([]);
  cursor = $state<string | null>(null);
  readonly filtered = $derived(Object.values(this.filters).filter(Boolean).length);
  readonly active = $derived(this.text.trim() !== '' || this.filtered > 0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  changed(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (this.active) this.#timer = setTimeout(() => void this.#load(null), PAUSE_MS);
    else this.rows = [];
  }

  clear(): void {
    this.text = '';
    this.filters = { ...noFilters };
    this.changed();
  }

  /** The words and filters of a saved view; null for none. */
  use(saved: Record<string, unknown> | null): void {
    const text = (key: string) => (typeof saved?.[key] === 'string' ? saved[key] : '');
    this.text = text('q');
    this.filters = {
      department: text('department'),
      priority: text('priority'),
      status: text('status'),
      assigned: text('assigned'),
      from: text('from'),
      to: text('to'),
    };
    this.changed();
  }

  more(): Promise<void> {
    return this.#load(this.cursor);
  }

  async #load(cursor: string | null): Promise<void> {
    this.#request = new AbortController();
    const { from, to, ...rest } = this.filters;
    const query = {
      ...rest,
      q: this.text.trim(),
      from: from && new Date(`${from}T00:00:00`).toISOString(),
      to: to && new Date(`${to}T23:59:59.999`).toISOString(),
      limit: 50,
      cursor,
    };
    try {
      const page = await api.get<Page<Conversation>>('/conversations', { query, signal: this.#request.signal });
      this.rows = cursor ? [...this.rows, ...page.items] : page.items;
      this.cursor = page.next_cursor;
    } catch {
      // Cut short by further typing, or offline: the rows shown stay.
    }
  }
}

export const search = new Search();
