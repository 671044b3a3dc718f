import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asked } from './asked.ts';

const said = (...roles: ('user' | 'ai' | 'staff' | 'system')[]) => asked(roles.map((role, index) => ({ role, message: `${role} ${index}` })));

test('the last words of the customer, unless staff have answered them', () => {
  assert.equal(said(), '');
  assert.equal(said('ai'), '');
  assert.equal(said('user', 'ai', 'system'), 'user 0');
  assert.equal(said('user', 'staff', 'user'), 'user 2');
  assert.equal(said('user', 'staff'), '');
});
