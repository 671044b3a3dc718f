import type { Query } from '../../../shared/api/client.ts';
import type { Page } from '../../../shared/api/types.ts';
import { api } from '../features/session/session.svelte.ts';

/** A list of the server's, page after page. A newer question ends the one before it. */
export class Paged<T> {
  rows = $state.raw<readonly T[]>([]);
  cursor = $state<string | null>(null);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  readonly #path: string;
  readonly #query: () => Query;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor(path: string, query: () => Query) {
    this.#path = path;
    this.#query = query;
  }

  /** Loads when the list is first looked at. */
  open(): void {
    if (this.phase === 'idle' || this.phase === 'failed') void this.load();
  }

  /** Loads anew after a pause of `ms`, in which more may change. */
  soon(ms = 250): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), ms);
  }

  more(): Promise<void> {
    return this.load(this.cursor);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.rows = [];
    this.cursor = null;
    this.phase = 'idle';
  }

  async load(cursor: string | null = null): Promise<void> {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const page = await api.get<Page<T>>(this.#path, { query: { ...this.#query(), limit: 50, cursor }, signal: request.signal });
      this.rows = cursor ? [...this.rows, ...page.items] : page.items;
      this.cursor = page.next_cursor;
      this.phase = 'ready';
    } catch {
      if (!request.signal.aborted) this.phase = 'failed';
    }
  }
}
