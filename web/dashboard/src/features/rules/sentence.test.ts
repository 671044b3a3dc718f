import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Rule } from '../../../../shared/api/admin.ts';
import { translator } from '../../../../shared/i18n/translate.ts';
import { actionText, conditionText, ruleText, type Names } from './sentence.ts';

const read = (file: string) => JSON.parse(readFileSync(new URL(`../../i18n/${file}.json`, import.meta.url), 'utf8'));

function names(language: 'en' | 'ar'): Names {
  const prefix = language === 'ar' ? 'admin.ar' : 'admin.en';
  const text = translator(language, { ...read(language), ...read(prefix) });
  return {
    text,
    list: (items, kind) => new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: kind === 'and' ? 'conjunction' : 'disjunction' }).format(items),
    department: (slug) => ({ sales: 'Sales', complaints: 'Complaints' })[slug] ?? slug,
    category: (slug) => slug,
  };
}

const rule: Omit<Rule, 'rule_id' | 'name' | 'position' | 'active'> = {
  events: ['new', 'message'],
  match: 'all',
  conditions: [
    { field: 'department', op: 'empty' },
    { field: 'text', op: 'has_any', value: ['buy', 'price'] },
  ],
  actions: [
    { do: 'department', value: 'sales' },
    { do: 'tag', value: 'lead' },
  ],
  stop: true,
};

test('a rule reads as a sentence', () => {
  assert.equal(
    ruleText(rule, names('en')),
    'When a chat begins or the customer writes, if the department is not known and the text has any of “buy” or “price”: move to the department Sales and add the tag “lead”. Then stop.',
  );
  assert.match(ruleText({ ...rule, stop: false, conditions: [] }, names('en')), /^When a chat begins or the customer writes: move/);
  assert.doesNotMatch(ruleText(rule, names('ar')), /rules\./);
});

test('parts of it', () => {
  const en = names('en');
  assert.equal(conditionText({ field: 'text', op: 'has_all', value: ['a', 'b', 'c', 'd', 'e', 'f'] }, en), 'the text has all of “a”, “b”, “c” and +3');
  assert.equal(conditionText({ field: 'contact.vip', op: 'is', value: true }, en), 'the customer’s vip is true');
  assert.equal(conditionText({ field: 'minutes_waiting', op: 'at_least', value: 5 }, en), 'the wait in minutes is at least 5');
  assert.equal(conditionText({ field: 'hours', op: 'is', value: 'out' }, en), 'the time by opening hours is outside');
  assert.equal(actionText({ do: 'department', value: '@category' }, en), 'move to the department of its category');
  assert.equal(actionText({ do: 'priority', value: 'high' }, en), 'set the priority to HIGH');
  assert.equal(actionText({ do: 'create_ticket', value: 'complaint' }, en), 'open a ticket as complaint');
});
