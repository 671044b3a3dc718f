import type { Lead, LeadStatus } from '../../../../shared/api/desk.ts';

export const leadStatuses: readonly LeadStatus[] = ['new', 'qualified', 'won', 'lost'];
export const leadPriorities: readonly Lead['priority'][] = ['high', 'normal', 'low'];

export interface LeadFilters {
  /** Empty is every status. */
  status: '' | LeadStatus;
  priority: '' | Lead['priority'];
}

export const noLeadFilters: LeadFilters = { status: '', priority: '' };

/** The list after a lead was changed here: it stays in place, so that the hand finds it again, whatever the filters say. */
export function withLead(rows: readonly Lead[], changed: Lead): readonly Lead[] {
  return rows.map((row) => (row.lead_id === changed.lead_id ? { ...row, ...changed } : row));
}
