import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SavedView } from '../../../../shared/api/desk.ts';
import { sameFilters, viewId, viewsOf } from './views.ts';

const view = (name: string, filters: Record<string, unknown>): SavedView => ({ view_id: name, name, filters, shared: false });

test('each area has its own views, by name; those without an area are of the search page', () => {
  const all = [view('b', { area: 'tickets' }), view('a', { area: 'tickets' }), view('c', { q: 'x' }), view('d', { area: 'inbox' })];
  assert.deepEqual(viewsOf(all, 'tickets').map(viewId), ['a', 'b']);
  assert.deepEqual(viewsOf(all, 'search').map(viewId), ['c']);
});

test('filters are the same whatever their order and their empty parts', () => {
  assert.equal(sameFilters({ area: 'tickets', q: '', level: 'L2', status: 'open' }, { status: 'open', level: 'L2' }), true);
  assert.equal(sameFilters({ status: 'open' }, { status: 'closed' }), false);
});
