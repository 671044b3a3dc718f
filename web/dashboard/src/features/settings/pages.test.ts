import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsPages } from '../../lib/routes.ts';
import { allowed, entries, grouped, groups } from './pages.ts';

const pagesFor = (...permissions: string[]) => allowed((one) => permissions.includes(one)).map((entry) => entry.page);

test('every page has one place in the navigation', () => {
  assert.deepEqual(entries.map((entry) => entry.page).sort(), [...settingsPages].sort());
});

test('a page is there for those whom the server answers', () => {
  assert.deepEqual(pagesFor(), ['profile']);
  assert.deepEqual(pagesFor('desk.read'), ['profile', 'departments', 'categories', 'rules', 'sla', 'prompts', 'assistant']);
  assert.ok(pagesFor('supervise').includes('staff'));
  assert.ok(!pagesFor('desk.read', 'desk.write').includes('webhooks'));
  assert.ok(pagesFor('webhook.write').includes('webhooks'));
});

test('groups stand in their order and only where something is in them', () => {
  assert.deepEqual(grouped(entries).map(({ group }) => group), [...groups]);
  assert.deepEqual(grouped(entries.filter((entry) => entry.page === 'audit')).map(({ group }) => group), ['record']);
});
