import type { Condition, Rule, RuleEvent } from '../../../../shared/api/admin.ts';

/** What a condition can be about, how it is compared, and what kind of value it takes. */
export type ValueKind = 'words' | 'minutes' | 'hours' | 'choice' | 'category' | 'department' | 'text';

export const events: readonly RuleEvent[] = ['new', 'message', 'handover', 'transfer', 'reopen', 'resolve', 'time'];

export const fields = [
  'text',
  'category',
  'department',
  'priority',
  'tags',
  'language',
  'channel',
  'sentiment',
  'severity',
  'hours',
  'minutes_waiting',
  'minutes_since_start',
  'minutes_since_message',
  'status',
  'handler',
  'name',
  'email',
  'phone',
  'contact',
] as const;
export type Field = (typeof fields)[number];

export const verbs = ['department', 'priority', 'category', 'tag', 'require', 'create_ticket', 'hand_over', 'notify'] as const;
export type Verb = (typeof verbs)[number];

export const choices = {
  sentiment: ['negative', 'neutral', 'positive'],
  severity: ['low', 'medium', 'high', 'critical'],
  language: ['en', 'ar'],
  channel: ['widget', 'elevenlabs', 'whatsapp', 'portal'],
  priority: ['emergency', 'high', 'normal', 'low'],
  status: ['bot', 'pending', 'active', 'resolved', 'closed'],
  handler: ['bot', 'queue', 'staff'],
  require: ['name', 'email', 'phone'],
  create_ticket: ['complaint', 'handover', 'low_confidence', 'portal', 'staff', 'api'],
} as const;

/** "contact.vip" is of the field "contact"; a field this page does not know is treated as one of the customer's. */
export function fieldOf(name: string): Field {
  return fields.find((field) => field === name) ?? 'contact';
}

export function kindOf(name: string): ValueKind {
  const field = fieldOf(name);
  if (field === 'text' || field === 'tags') return 'words';
  if (field.startsWith('minutes_')) return 'minutes';
  if (field === 'hours' || field === 'category' || field === 'department') return field;
  return field in choices ? 'choice' : 'text';
}

export function opsOf(name: string): readonly string[] {
  switch (kindOf(name)) {
    case 'words':
      return ['has_any', 'has_all', 'has_none'];
    case 'minutes':
      return ['at_least', 'at_most'];
    case 'hours':
      return ['is'];
    case 'text':
      return ['is', 'is_not', 'empty', 'not_empty', 'at_least', 'at_most'];
    default:
      return ['is', 'is_not', 'empty', 'not_empty'];
  }
}

export const needsValue = (op: string) => op !== 'empty' && op !== 'not_empty';

/** The condition after its field or comparison was chosen anew: what no longer fits starts afresh. */
export function refit(condition: Condition, change: Partial<Condition>): Condition {
  const next = { ...condition, ...change };
  const sameKind = kindOf(next.field) === kindOf(condition.field) && fieldOf(next.field) === fieldOf(condition.field);
  if (!opsOf(next.field).includes(next.op)) next.op = opsOf(next.field)[0]!;
  if (!needsValue(next.op)) delete next.value;
  else if (!sameKind || next.value === undefined || next.value === null) next.value = blank(next.field);
  return next;
}

function blank(name: string): NonNullable<Condition['value']> {
  const kind = kindOf(name);
  if (kind === 'words') return [];
  if (kind === 'minutes') return 5;
  if (kind === 'hours') return 'out';
  if (kind === 'choice') return choices[fieldOf(name) as keyof typeof choices][0];
  return '';
}

/** Numbers are compared as numbers: a customer's "at least 3" must not be sent as text. */
export function cleaned(condition: Condition): Condition {
  const { field, op } = condition;
  if (!needsValue(op)) return { field, op };
  const numeric = op === 'at_least' || op === 'at_most';
  const value = condition.value;
  if (numeric) return { field, op, value: Number(value) };
  if (field.startsWith('contact.') && (value === 'true' || value === 'false')) return { field, op, value: value === 'true' };
  return { field, op, value: typeof value === 'string' ? value.trim() : (value ?? '') };
}

/** The values of a condition as a list, whatever form they have. */
export function valuesOf(condition: Condition): string[] {
  const { value } = condition;
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [String(value)];
}

/**
 * Moves a rule to another place. Gives the positions to be stored: only the changed ones. The numbers that are
 * there are kept and dealt out anew, unless two were equal; then the list is numbered afresh.
 */
export function reordered(rules: readonly Rule[], from: number, to: number): { rule: Rule; position: number }[] {
  const order = [...rules];
  const [taken] = order.splice(from, 1);
  if (!taken || to < 0 || to > order.length) return [];
  order.splice(to, 0, taken);
  const numbers = rules.map((rule) => rule.position).sort((a, b) => a - b);
  const distinct = new Set(numbers).size === numbers.length;
  return order
    .map((rule, index) => ({ rule, position: distinct ? numbers[index]! : (index + 1) * 10 }))
    .filter(({ rule, position }) => rule.position !== position);
}
