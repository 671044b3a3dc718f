import assert from 'node:assert/strict';
import test from 'node:test';
import { outcomeOf, type SuggestionOutcome } from './outcome.ts';

const passage = 'Payslips of the last three months are accepted instead of bank statements.';
const arabic = 'تُقبل قسائم الراتب لآخر ثلاثة أشهر بدلًا من كشوف الحساب.';

const cases: [what: string, inserted: string, sent: string, outcome: SuggestionOutcome][] = [
  ['as it was', passage, passage, 'accepted'],
  ['with other white space', passage, passage.replaceAll(' ', '  ') + '\n', 'accepted'],
  ['with a greeting before and after', passage, `Hello Sarah,\n${passage}\nKind regards`, 'accepted'],
  ['with one word changed', passage, passage.replace('three', 'six'), 'edited'],
  ['shortened', passage, 'Payslips of three months are accepted.', 'edited'],
  ['replaced by a sentence of their own', passage, 'I have to ask a colleague, one moment please.', 'rejected'],
  ['replaced by one that shares small words', passage, 'The office of the bank is closed.', 'rejected'],
  ['Arabic as it was', arabic, arabic, 'accepted'],
  ['Arabic, changed', arabic, arabic.replace('ثلاثة', 'ستة'), 'edited'],
  ['Arabic, replaced', arabic, 'سأسأل زميلي وأعود إليك.', 'rejected'],
  ['a link that was kept', 'https://chat.example.org/help/en/statements', 'See https://chat.example.org/help/en/statements', 'accepted'],
  ['a link that was taken out', 'https://chat.example.org/help/en/statements', 'Please send what you have.', 'rejected'],
  ['signs alone, taken out', '***', 'Hello', 'rejected'],
];

for (const [what, inserted, sent, outcome] of cases)
  test(what, () => assert.equal(outcomeOf(inserted, sent), outcome));
