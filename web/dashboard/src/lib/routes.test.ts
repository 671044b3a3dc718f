import assert from 'node:assert/strict';
import { test } from 'node:test';
import { href, parseRoute, type Route } from './routes.ts';

const table: [string, Route][] = [
  ['/admin', { name: 'inbox' }],
  ['/admin/', { name: 'inbox' }],
  ['/admin/c/CONV-12', { name: 'conversation', id: 'CONV-12' }],
  ['/admin/c/', { name: 'inbox' }],
  ['/admin/tickets', { name: 'tickets' }],
  ['/admin/tickets/TKT_20240101_XYZ9', { name: 'ticket', id: 'TKT_20240101_XYZ9' }],
  ['/admin/customers/', { name: 'customers' }],
  ['/admin/customers/CUST-7', { name: 'customer', id: 'CUST-7' }],
  ['/admin/search', { name: 'search', q: '' }],
  ['/admin/leads', { name: 'leads' }],
  ['/admin/tasks', { name: 'tasks' }],
  ['/admin/wall', { name: 'wall' }],
  ['/admin/settings', { name: 'settings', page: 'profile' }],
  ['/admin/settings/audit', { name: 'settings', page: 'audit' }],
  ['/admin/settings/departments/reception', { name: 'settings', page: 'departments', item: 'reception' }],
  ['/admin/settings/nothing', { name: 'settings', page: 'profile' }],
  ['/admin/elsewhere', { name: 'inbox' }],
];

for (const [path, route] of table) test(path, () => assert.deepEqual(parseRoute(path), route));

test('a link leads to the route it was made for', () => {
  const routes: Route[] = [
    { name: 'inbox' },
    { name: 'wall' },
    { name: 'leads' },
    { name: 'tasks' },
    { name: 'tickets' },
    { name: 'customers' },
    { name: 'conversation', id: 'CONV-1/2 ü' },
    { name: 'ticket', id: 'TKT_20240101_XYZ9' },
    { name: 'customer', id: 'CUST-1' },
    { name: 'search', q: 'a & b = فاتورة' },
    { name: 'settings', page: 'api-keys' },
    { name: 'settings', page: 'departments', item: 'a/b' },
  ];
  for (const route of routes) {
    const { pathname, search } = new URL(href(route), 'http://desk');
    assert.deepEqual(parseRoute(pathname, search), route);
  }
});
