import type { Condition, Rule, RuleAction } from '../../../../shared/api/admin.ts';
import { choices, fieldOf, needsValue, valuesOf } from './vocabulary.ts';

/** How the parts of a rule are called in the reader's language. */
export interface Names {
  text: (key: string, params?: Record<string, string>) => string;
  list: (items: readonly string[], kind: 'and' | 'or') => string;
  department: (slug: string) => string;
  category: (slug: string) => string;
}

export function valueName(field: string, value: string, names: Names): string {
  if (field === 'department') return value === '@category' ? names.text('rules.v.@category') : names.department(value);
  if (field === 'category') return names.category(value);
  if (field === 'priority') return names.text(`priority.${value}`);
  if (field === 'status') return names.text(`status.${value}`);
  if (field === 'language') return value === 'ar' ? names.text('words.arabic') : value === 'en' ? names.text('words.english') : value;
  if (field === 'hours') return names.text(`rules.v.${value}`);
  const known: readonly string[] = choices[field as keyof typeof choices] ?? [];
  return known.includes(value) && field !== 'channel' ? names.text(`rules.v.${value}`) : value;
}

export function fieldName(field: string, names: Names): string {
  const known = fieldOf(field);
  return known === 'contact' ? names.text('rules.f.contactName', { name: field.replace(/^contact\./, '') }) : names.text(`rules.f.${known}`);
}

/** Long word lists are cut: the sentence is to be read, the editor shows them all. */
const MOST = 4;

export function conditionText(condition: Condition, names: Names): string {
  const subject = `${fieldName(condition.field, names)} ${names.text(`rules.o.${condition.op}`)}`;
  if (!needsValue(condition.op)) return subject;
  const values = valuesOf(condition).map((value) =>
    condition.field === 'text' || condition.field === 'tags' ? `“${value}”` : valueName(condition.field, value, names),
  );
  const shown = values.length > MOST ? [...values.slice(0, MOST - 1), `+${values.length - MOST + 1}`] : values;
  if (!shown.length || shown.every((value) => !value)) return `${subject} …`;
  return `${subject} ${names.list(shown, condition.op === 'has_all' ? 'and' : 'or')}`;
}

export function actionText(action: RuleAction, names: Names): string {
  if (!action.value) return `${names.text(`rules.do.${action.do}`)} …`;
  const value = action.do === 'tag' || action.do === 'notify' || action.do === 'hand_over' ? `“${action.value}”` : valueName(action.do, action.value, names);
  return `${names.text(`rules.do.${action.do}`)} ${value}`;
}

/** A rule as a sentence. */
export function ruleText(rule: Pick<Rule, 'events' | 'match' | 'conditions' | 'actions' | 'stop'>, names: Names): string {
  const conditions = (rule.conditions ?? []).map((condition) => conditionText(condition, names));
  const text = names.text(conditions.length ? 'rules.sentenceIf' : 'rules.sentence', {
    events: names.list((rule.events ?? []).map((event) => names.text(`rules.event.${event}`)), 'or'),
    conditions: names.list(conditions, rule.match === 'any' ? 'or' : 'and'),
    actions: names.list((rule.actions ?? []).map((action) => actionText(action, names)), 'and'),
  });
  return rule.stop ? `${text} ${names.text('rules.sentenceStop')}` : text;
}
