import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inserted, preview } from './variables.ts';

const values = { 'customer.name': 'John', company: 'Your company' };
const show = (body: string) => preview(body, values).map(({ text, kind }) => `${kind[0]}:${text}`).join('|');

const table: [string, string][] = [
  ['Hello', 't:Hello'],
  ['Hello {{customer.name}}!', 't:Hello |f:John|t:!'],
  ['{{ customer.name }}{{company}}', 'f:John|f:Your company'],
  ['Dear {{customer.nmae}}', 't:Dear |u:{{customer.nmae}}'],
  ['{{open', 't:{{open'],
  ['', ''],
];
for (const [body, parts] of table) test(body || 'nothing', () => assert.equal(show(body), parts));

test('a place is put in at the cursor, over what is selected', () => {
  assert.deepEqual(inserted('Dear , hello', 5, 5, 'customer.name'), { body: 'Dear {{customer.name}}, hello', cursor: 22 });
  assert.deepEqual(inserted('Dear X', 5, 6, 'company'), { body: 'Dear {{company}}', cursor: 16 });
});
