import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parts, plainName } from './text.ts';

/** Links in brackets, text as it is. */
const shown = (text: string) => parts(text).map((part) => (typeof part === 'string' ? part : `[${part.text}]`)).join('');

test('http and https addresses become links, the sentence around them does not', () => {
  const cases: [text: string, shown: string][] = [
    ['no address', 'no address'],
    ['', ''],
    ['see https://example.org.', 'see [https://example.org].'],
    ['HTTP://EXAMPLE.ORG/A', '[HTTP://EXAMPLE.ORG/A]'],
    ['(https://example.org/a)', '([https://example.org/a])'],
    ['https://example.org/a_(b) c', '[https://example.org/a_(b)] c'],
    ['a https://x.example/?q=1&r=2#z, b', 'a [https://x.example/?q=1&r=2#z], b'],
    ['زوروا https://example.org/ar؟ شكرًا', 'زوروا [https://example.org/ar]؟ شكرًا'],
    ['https://a.example https://b.example', '[https://a.example] [https://b.example]'],
    ['"https://example.org"', '"[https://example.org]"'],
    ['https://', 'https://'],
    ['https://..', 'https://..'],
  ];
  for (const [text, expected] of cases) assert.equal(shown(text), expected, text);
});

test('what only looks like a link, or misleads, stays text', () => {
  for (const text of [
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.org',
    'www.example.org',
    'https://bank.example@evil.example/',
    'https://user:secret@evil.example/',
    '<a href="x">x</a>',
  ])
    assert.equal(shown(text), text);
  assert.equal(shown('https://example.org/\u202egpj.exe'), '[https://example.org/]\u202egpj.exe');
});

test('no character is lost', () => {
  const text = 'a https://example.org/x, (https://example.org/y). https://u@v.example\n\nb';
  assert.equal(parts(text).map((part) => (typeof part === 'string' ? part : part.text)).join(''), text);
});

test('names lose the characters that turn direction', () => {
  assert.equal(plainName(' \u202eJohn\u202c '), 'John');
  assert.equal(plainName('سارة'), 'سارة');
});
