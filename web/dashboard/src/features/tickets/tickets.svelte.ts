import type { Ticket } from '../../../../shared/api/desk.ts';
import { Paged } from '../../lib/paged.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { session } from '../session/session.svelte.ts';
import { filterCount, noFilters, ticketQuery, withTicket, type TicketFilters } from './tickets.ts';

/** The list of tickets under its filters, kept current by events. */
class Tickets extends Paged<Ticket> {
  filters = $state<TicketFilters>({ ...noFilters });
  readonly filtered = $derived(filterCount(this.filters));

  constructor() {
    super('/tickets', () => ticketQuery(this.filters));
    live.listen({
      ready: (fresh) => {
        if (fresh && this.phase !== 'idle') void this.load();
      },
      events: (events) => {
        for (const event of events) {
          if (event.type === 'ticket.new' || event.type === 'ticket.update') this.tell(() => this.put(event.data));
        }
      },
    });
  }

  use(filters: TicketFilters): void {
    this.filters = { ...filters };
    void this.load();
  }

  put(ticket: Ticket): void {
    this.rows = withTicket(this.rows, ticket, this.filters, session.me?.staff_id ?? '');
  }

  override clear(): void {
    super.clear();
    this.filters = { ...noFilters };
  }
}

export const tickets = new Tickets();
