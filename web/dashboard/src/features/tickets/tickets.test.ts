import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ticket } from '../../../../shared/api/desk.ts';
import { belongs, entries, filterCount, filtersFrom, noFilters, ticketQuery, withTicket } from './tickets.ts';

const ticket = (fields: Partial<Ticket> = {}): Ticket => ({
  ticket_id: 'TKT_20260105_AB12',
  subject: 'Where is my parcel?',
  description: 'It should have come last week.',
  status: 'open',
  priority: 'normal',
  level: 'L1',
  category: null,
  department: { slug: 'sales', name_en: 'Sales', name_ar: 'المبيعات' },
  assigned_staff: { staff_id: 'STF-1', name: 'Alice' },
  requester: { contact_id: 'CUST-1', name: 'John' },
  conversation_id: null,
  source: 'staff',
  tags: [],
  sla: null,
  merged_into: null,
  version: 1,
  created_at: '2026-01-05T09:00:00Z',
  updated_at: '2026-01-05T09:00:00Z',
  resolved_at: null,
  closed_at: null,
  ...fields,
});

test('the query names the statuses that need work', () => {
  assert.deepEqual(ticketQuery({ ...noFilters, q: ' parcel ' }), {
    q: 'parcel', status: 'open,in_progress,waiting_customer,on_hold', priority: '', department: '', assigned: '', level: '', source: '',
  });
  assert.equal(ticketQuery({ ...noFilters, status: 'closed' })['status'], 'closed');
});

test('filters are counted against the beginning', () => {
  assert.equal(filterCount(noFilters), 0);
  assert.equal(filterCount({ ...noFilters, q: 'x' }), 0);
  assert.equal(filterCount({ ...noFilters, status: '', level: 'L2', source: 'complaint' }), 3);
});

test('a saved view may be older or newer than this page', () => {
  assert.deepEqual(filtersFrom({ area: 'tickets', priority: 'high', level: 'L9', source: 'rumour', assigned: 7 }), { ...noFilters, priority: 'high' });
  assert.deepEqual(filtersFrom({ status: '' }).status, '');
});

const cases: [string, Partial<Ticket>, Partial<typeof noFilters>, boolean][] = [
  ['open work', {}, {}, true],
  ['resolved is done', { status: 'resolved' }, {}, false],
  ['any status', { status: 'resolved' }, { status: '' }, true],
  ['mine', {}, { assigned: 'me' }, true],
  ['not mine', { assigned_staff: { staff_id: 'STF-2', name: 'Bob' } }, { assigned: 'me' }, false],
  ['nobody', { assigned_staff: null }, { assigned: 'none' }, true],
  ['another department', {}, { department: 'reception' }, false],
  ['another level', {}, { level: 'L2' }, false],
  ['a complaint', { source: 'complaint' }, { source: 'complaint' }, true],
  ['not a complaint', { source: 'handover' }, { source: 'complaint' }, false],
  ['merged away', { merged_into: 'TKT_20260105_ZZ99' }, {}, false],
];
for (const [name, fields, filters, expected] of cases) {
  test(`belongs: ${name}`, () => assert.equal(belongs(ticket(fields), { ...noFilters, ...filters }, 'STF-1'), expected));
}

test('events put tickets in, change them, and take them out', () => {
  const first = ticket();
  const rows = withTicket([], first, noFilters, 'STF-1');
  assert.deepEqual(rows, [first]);
  const changed = withTicket(rows, ticket({ version: 3, subject: 'New' }), noFilters, 'STF-1');
  assert.equal(changed[0]?.subject, 'New');
  assert.equal(withTicket(changed, ticket({ version: 2, subject: 'Old' }), noFilters, 'STF-1'), changed);
  assert.deepEqual(withTicket(changed, ticket({ version: 4, status: 'closed' }), noFilters, 'STF-1'), []);
  const found = withTicket(rows, ticket({ version: 5 }), { ...noFilters, q: 'parcel' }, 'STF-1');
  assert.equal(found.length, 1);
  assert.equal(withTicket([], ticket(), { ...noFilters, q: 'parcel' }, 'STF-1').length, 0);
});

test('the story is in the order of time, the description first', () => {
  const story = entries({
    ...ticket(),
    replies: [
      { reply_id: 'R2', author: { kind: 'staff', staff_id: 'STF-1', name: 'Alice' }, message: 'On its way', at: '2026-01-05T11:00:00Z' },
      { reply_id: 'R1', author: { kind: 'customer' }, message: 'Hello?', at: '2026-01-05T10:00:00Z' },
    ],
    notes: [{ note_id: 'N1', author: { name: 'Bob' }, body: 'Lost in the depot', at: '2026-01-05T10:30:00Z' }],
  });
  assert.deepEqual(story.map(({ kind, name }) => [kind, name]), [['description', 'John'], ['reply', 'John'], ['note', 'Bob'], ['reply', 'Alice']]);
});
