import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lead } from '../../../../shared/api/desk.ts';
import { withLead } from './leads.ts';

const lead = (id: string, fields: Partial<Lead> = {}): Lead => ({
  lead_id: id, status: 'new', score: 10, source: 'widget', priority: 'normal', created_at: '', updated_at: '', contact: { contact_id: 'CUST-1', name: 'John' }, ...fields,
});

test('a changed lead keeps its place and what the answer does not say', () => {
  const { contact, ...answer } = lead('LEAD-2', { status: 'won' });
  assert.ok(contact);
  const rows = withLead([lead('LEAD-1'), lead('LEAD-2'), lead('LEAD-3')], answer);
  assert.deepEqual(rows.map((row) => `${row.lead_id} ${row.status} ${row.contact?.name}`), ['LEAD-1 new John', 'LEAD-2 won John', 'LEAD-3 new John']);
});

test('a lead that is not in the list does not enter it', () => {
  const rows = [lead('LEAD-1')];
  assert.deepEqual(withLead(rows, lead('LEAD-9')), rows);
});
