import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlaPolicy } from '../../../../shared/api/admin.ts';
import { ordered, readPolicy, specificity, winner, type Case } from './specificity.ts';

const policy = (name: string, given: Partial<Case & { active: boolean }>) =>
  ({ policy_id: name, name, department: null, category: null, priority: null, active: true, ...given }) as SlaPolicy;

const policies = [
  policy('all', {}),
  policy('high', { priority: 'high' }),
  policy('sales', { department: 'sales' }),
  policy('visas', { category: 'visas' }),
  policy('sales high', { department: 'sales', priority: 'high' }),
  policy('off', { department: 'sales', category: 'visas', priority: 'high', active: false }),
];

test('the most specific first', () => {
  assert.deepEqual(ordered(policies).map(({ name }) => name), ['off', 'sales high', 'visas', 'sales', 'high', 'all']);
  assert.equal(specificity(policies[4]!), 2);
});

const cases: [Partial<Case>, string][] = [
  [{}, 'all'],
  [{ priority: 'high' }, 'high'],
  [{ priority: 'low', department: 'billing' }, 'all'],
  [{ department: 'sales', priority: 'low' }, 'sales'],
  [{ department: 'sales', priority: 'high', category: 'visas' }, 'sales high'],
  [{ department: 'sales', category: 'visas' }, 'visas'],
];
for (const [given, name] of cases) {
  test(`${JSON.stringify(given)}: ${name}`, () =>
    assert.equal(winner(policies, { department: null, category: null, priority: null, ...given })?.name, name));
}

test('nothing fits, nothing holds', () => assert.equal(winner(policies.slice(1), { department: null, category: null, priority: null }), null));

test('a policy is read in either form', () => {
  const sent = { ...policy('x', {}), policy_id: undefined, sla_policy_id: 'SLA-1', department: { slug: 'sales', name_en: 'Sales', name_ar: '' }, category: '' };
  const { policy_id, department, category } = readPolicy(sent as never);
  assert.deepEqual([policy_id, department, category], ['SLA-1', 'sales', null]);
  assert.equal(readPolicy(policy('y', { department: 'sales' })).department, 'sales');
});
