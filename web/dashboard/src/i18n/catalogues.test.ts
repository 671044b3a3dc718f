import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { translator, type Catalogue } from '../../../shared/i18n/translate.ts';

const read = (file: string) => JSON.parse(readFileSync(new URL(`./${file}.json`, import.meta.url), 'utf8')) as Catalogue;
const catalogues = { en: { ...read('en'), ...read('admin.en') }, ar: { ...read('ar'), ...read('admin.ar') } };
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

test('both languages have the same texts', () => {
  assert.deepEqual(Object.keys(catalogues.ar).sort(), Object.keys(catalogues.en).sort());
});

test('no text is in both files of a language', () => {
  const own = Object.keys(read('en'));
  assert.deepEqual(Object.keys(read('admin.en')).filter((key) => own.includes(key)), []);
});

test('plural texts have every category of their language', () => {
  for (const [language, catalogue] of Object.entries(catalogues)) {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort();
    for (const [key, entry] of Object.entries(catalogue)) {
      if (typeof entry !== 'string') assert.deepEqual(Object.keys(entry).sort(), categories, `${language} ${key}`);
    }
  }
});

test('a translation uses no place that the original does not fill', () => {
  for (const [key, entry] of Object.entries(catalogues.en)) {
    const other = catalogues.ar[key]!;
    const given = new Set(places(typeof entry === 'string' ? entry : (entry.other ?? '')));
    for (const text of typeof other === 'string' ? [other] : Object.values(other)) {
      for (const place of places(text)) assert.ok(given.has(place), `${key}: {${place}}`);
    }
    if (typeof entry === 'string') assert.deepEqual(places(other as string), [...given].sort(), key);
  }
});

test('texts are filled in, numbers grouped, plurals chosen', () => {
  const t = translator('en', { hello: 'Hello {name}', chats: { one: '{n} chat', other: '{n} chats' } });
  assert.equal(t('hello', { name: 'Grace' }), 'Hello Grace');
  assert.equal(t('hello', { name: '{name}' }), 'Hello {name}');
  assert.equal(t('hello'), 'Hello {name}');
  assert.equal(t('chats', { n: 1 }), '1 chat');
  assert.equal(t('chats', { n: 1200 }), '1,200 chats');
  assert.equal(t('missing'), 'missing');
  const arabic = translator('ar', { chats: { zero: 'لا', one: 'واحدة', two: 'اثنتان', few: '{n} قليل', many: '{n} كثير', other: '{n} غير' } }, { hello: 'Hello' });
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((n) => arabic('chats', { n })), ['لا', 'واحدة', 'اثنتان', '3 قليل', '11 كثير', '100 غير']);
  assert.equal(arabic('hello'), 'Hello');
});
