import type { Contact } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { api } from '../session/session.svelte.ts';

const PAUSE_MS = 250;

/** The list of customers by words, and by VIP. */
class Customers {
  q = $state('');
  vip = $state(false);
  rows = $state.raw<readonly Contact[]>([]);
  cursor = $state<string | null>(null);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  open(): void {
    if (this.phase === 'idle' || this.phase === 'failed') void this.load();
  }

  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PAUSE_MS);
  }

  use(filters: { q: string; vip: boolean }): void {
    this.q = filters.q;
    this.vip = filters.vip;
    void this.load();
  }

  /** Shows a contact as it is now, where the list has it. */
  put(contact: Contact): void {
    this.rows = this.rows.map((row) => (row.contact_id === contact.contact_id ? contact : row));
  }

  clear(): void {
    this.#request?.abort();
    this.q = '';
    this.vip = false;
    this.rows = [];
    this.phase = 'idle';
  }

  async load(cursor: string | null = null): Promise<void> {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const query = { q: this.q.trim(), vip: this.vip || null, limit: 50, cursor };
      const page = await api.get<Page<Contact>>('/contacts', { query, signal: request.signal });
      this.rows = cursor ? [...this.rows, ...page.items] : page.items;
      this.cursor = page.next_cursor;
      this.phase = 'ready';
    } catch {
      if (!request.signal.aborted) this.phase = 'failed';
    }
  }
}

export const customers = new Customers();
