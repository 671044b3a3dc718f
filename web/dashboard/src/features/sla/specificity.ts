import type { SlaPolicy } from '../../../../shared/api/admin.ts';
import type { Priority } from '../../../../shared/api/types.ts';

export interface Case {
  department: string | null;
  category: string | null;
  priority: Priority | null;
}

const named = ['department', 'category', 'priority'] as const;

/** How many of the three a policy names: the more, the more specific. */
export function specificity(policy: Case): number {
  return named.filter((name) => policy[name]).length;
}

/** Among equally specific ones, naming the category counts most, then the department, then the priority. */
const weight = (policy: Case) => specificity(policy) * 8 + (policy.category ? 4 : 0) + (policy.department ? 2 : 0) + (policy.priority ? 1 : 0);

/** The most specific first, which is the order in which they are asked. */
export function ordered<T extends SlaPolicy>(policies: readonly T[]): T[] {
  return [...policies].sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
}

export function fits(policy: SlaPolicy, given: Case): boolean {
  return policy.active && named.every((name) => !policy[name] || policy[name] === given[name]);
}

export function winner<T extends SlaPolicy>(policies: readonly T[], given: Case): T | null {
  return ordered(policies).find((policy) => fits(policy, given)) ?? null;
}

/** As the server sends it: the department whole, and the id under the name of its table. */
type Sent = Omit<SlaPolicy, 'department'> & { sla_policy_id?: string; department: string | { slug: string } | null };

export function readPolicy(sent: Sent): SlaPolicy {
  const { department } = sent;
  return {
    ...sent,
    policy_id: sent.policy_id ?? sent.sla_policy_id ?? '',
    department: department && typeof department === 'object' ? department.slug : department || null,
    category: sent.category || null,
    priority: sent.priority || null,
  };
}
