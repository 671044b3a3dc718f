import type { Lead } from '../../../../shared/api/desk.ts';
import { ApiError } from '../../../../shared/api/client.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { Paged } from '../../lib/paged.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api } from '../session/session.svelte.ts';
import { noLeadFilters, withLead, type LeadFilters } from './leads.ts';

/** The list of leads under its filters, the latest first. */
class Leads extends Paged<Lead> {
  filters = $state<LeadFilters>({ ...noLeadFilters });

  constructor() {
    super('/leads', () => ({ ...this.filters }));
    live.listen({
      ready: (fresh) => {
        if (fresh && this.phase !== 'idle') this.soon();
      },
      events: (events) => {
        if (this.phase !== 'idle' && events.some(({ type }) => type === 'lead.update')) this.soon(1000);
      },
    });
  }

  use(filters: Partial<LeadFilters>): void {
    this.filters = { ...this.filters, ...filters };
    void this.load();
  }

  async edit(lead: Lead, fields: Partial<Pick<Lead, 'status' | 'priority'>>): Promise<void> {
    try {
      this.rows = withLead(this.rows, { ...lead, ...fields });
      this.rows = withLead(this.rows, await api.patch<Lead>(`/leads/${encodeURIComponent(lead.lead_id)}`, fields));
    } catch (error) {
      this.rows = withLead(this.rows, lead);
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
    }
  }

  override clear(): void {
    super.clear();
    this.filters = { ...noLeadFilters };
  }
}

export const leads = new Leads();
