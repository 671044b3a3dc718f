import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, Rule } from '../../../../shared/api/admin.ts';
import { cleaned, kindOf, opsOf, refit, reordered } from './vocabulary.ts';

const refits: [Condition, Partial<Condition>, Condition][] = [
  [{ field: 'text', op: 'has_any', value: ['a'] }, { op: 'has_none' }, { field: 'text', op: 'has_none', value: ['a'] }],
  [{ field: 'text', op: 'has_any', value: ['a'] }, { field: 'tags' }, { field: 'tags', op: 'has_any', value: [] }],
  [{ field: 'text', op: 'has_any', value: ['a'] }, { field: 'minutes_waiting' }, { field: 'minutes_waiting', op: 'at_least', value: 5 }],
  [{ field: 'department', op: 'is', value: 'sales' }, { op: 'empty' }, { field: 'department', op: 'empty' }],
  [{ field: 'department', op: 'empty' }, { op: 'is' }, { field: 'department', op: 'is', value: '' }],
  [{ field: 'priority', op: 'is', value: 'low' }, { field: 'severity' }, { field: 'severity', op: 'is', value: 'low' }],
  [{ field: 'priority', op: 'is', value: 'low' }, { field: 'hours' }, { field: 'hours', op: 'is', value: 'out' }],
  [{ field: 'contact.vip', op: 'is', value: 'true' }, { field: 'contact.company' }, { field: 'contact.company', op: 'is', value: 'true' }],
];
for (const [before, change, after] of refits) {
  test(`${JSON.stringify(before)} with ${JSON.stringify(change)}`, () => assert.deepEqual(refit(before, change), after));
}

test('values are sent as what they are', () => {
  assert.deepEqual(cleaned({ field: 'minutes_waiting', op: 'at_least', value: '7' }), { field: 'minutes_waiting', op: 'at_least', value: 7 });
  assert.deepEqual(cleaned({ field: 'contact.vip', op: 'is', value: 'true' }), { field: 'contact.vip', op: 'is', value: true });
  assert.deepEqual(cleaned({ field: 'channel', op: 'is', value: ' widget ' }), { field: 'channel', op: 'is', value: 'widget' });
  assert.deepEqual(cleaned({ field: 'name', op: 'empty', value: 'x' }), { field: 'name', op: 'empty' });
});

test('every field has a comparison and a kind', () => {
  assert.equal(kindOf('contact.custom.plan'), 'text');
  assert.equal(kindOf('minutes_since_start'), 'minutes');
  assert.deepEqual(opsOf('hours'), ['is']);
});

const rule = (rule_id: string, position: number) => ({ rule_id, position }) as Rule;
const show = (changes: { rule: Rule; position: number }[]) => changes.map(({ rule: { rule_id }, position }) => `${rule_id}${position}`).join(' ');

test('moving a rule changes only the positions between', () => {
  const rules = [rule('a', 10), rule('b', 20), rule('c', 30), rule('d', 900)];
  assert.equal(show(reordered(rules, 2, 1)), 'c20 b30');
  assert.equal(show(reordered(rules, 0, 3)), 'b10 c20 d30 a900');
  assert.equal(show(reordered(rules, 0, 0)), '');
  assert.equal(show(reordered(rules, 0, -1)), '');
  assert.equal(show(reordered([rule('a', 0), rule('b', 0)], 1, 0)), 'b10 a20');
});
