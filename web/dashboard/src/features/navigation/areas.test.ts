import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaOf, areas } from './areas.ts';

test('only what the server allows is offered', () => {
  assert.deepEqual(areas(() => true).map((area) => area.name), ['inbox', 'tickets', 'customers', 'tasks', 'calls', 'search', 'settings']);
  assert.deepEqual(areas(() => false).map((area) => area.name), ['inbox', 'settings']);
  assert.deepEqual(areas((name) => name === 'ticket.read').map((area) => area.name), ['inbox', 'tickets', 'settings']);
});

test('a page inside an area marks the area', () => {
  assert.equal(areaOf({ name: 'conversation', id: 'CONV-1' }), 'inbox');
  assert.equal(areaOf({ name: 'ticket', id: 'TKT_20240101_XYZ9' }), 'tickets');
  assert.equal(areaOf({ name: 'customer', id: 'CUST-1' }), 'customers');
  assert.equal(areaOf({ name: 'leads' }), 'customers');
  assert.equal(areaOf({ name: 'wall' }), null);
});
