import type { Ticket } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { live } from '../live/live.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { filterCount, noFilters, ticketQuery, withTicket, type TicketFilters } from './tickets.ts';

const PAUSE_MS = 250;

/** The list of tickets under its filters, kept current by events. */
class Tickets {
  filters = $state<TicketFilters>({ ...noFilters });
  rows = $state.raw<readonly Ticket[]>([]);
  cursor = $state<string | null>(null);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  readonly filtered = $derived(filterCount(this.filters));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;

  constructor() {
    live.listen({
      ready: (fresh) => {
        if (fresh && this.phase !== 'idle') void this.load();
      },
      events: (events) => {
        if (this.phase !== 'ready') return;
        for (const event of events) {
          if (event.type === 'ticket.new' || event.type === 'ticket.update') this.put(event.data);
        }
      },
    });
  }

  /** Loads when the list is first looked at; later it is current by itself. */
  open(): void {
    if (this.phase === 'idle' || this.phase === 'failed') void this.load();
  }

  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PAUSE_MS);
  }

  use(filters: TicketFilters): void {
    this.filters = { ...filters };
    void this.load();
  }

  put(ticket: Ticket): void {
    this.rows = withTicket(this.rows, ticket, this.filters, session.me?.staff_id ?? '');
  }

  clear(): void {
    this.#request?.abort();
    this.filters = { ...noFilters };
    this.rows = [];
    this.phase = 'idle';
  }

  more(): Promise<void> {
    return this.load(this.cursor);
  }

  async load(cursor: string | null = null): Promise<void> {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const query = { ...ticketQuery(this.filters), limit: 50, cursor };
      const page = await api.get<Page<Ticket>>('/tickets', { query, signal: request.signal });
      this.rows = cursor ? [...this.rows, ...page.items] : page.items;
      this.cursor = page.next_cursor;
      this.phase = 'ready';
    } catch {
      if (!request.signal.aborted) this.phase = 'failed';
    }
  }
}

export const tickets = new Tickets();
