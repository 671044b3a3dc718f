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
  /** What was told while an answer is on its way. */
  #told: (() => void)[] = [];

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
    this.#told = [];
    this.rows = [];
    this.cursor = null;
    this.phase = 'idle';
  }

  /**
   * Shows what an event tells of. An answer that is on its way may have been made before the event: it is shown on top
   * of that answer once more, so `show` must leave alone what is as new as the event.
   */
  protected tell(show: () => void): void {
    if (this.#request) this.#told.push(show);
    if (this.phase === 'ready') show();
  }

  async load(cursor: string | null = null): Promise<void> {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    // This question is asked after what was told so far, so its answer knows of that.
    this.#told = [];
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const page = await api.get<Page<T>>(this.#path, { query: { ...this.#query(), limit: 50, cursor }, signal: request.signal });
      this.rows = cursor ? [...this.rows, ...page.items] : page.items;
      this.cursor = page.next_cursor;
      this.phase = 'ready';
      for (const show of this.#told) show();
    } catch {
      if (!request.signal.aborted) this.phase = 'failed';
    } finally {
      if (this.#request === request) this.#request = undefined;
    }
  }
}
