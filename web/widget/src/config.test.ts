import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_ACCENT, hexColour, inkOn, pickLanguage, readConfig } from './config.ts';

const SRC = 'https://chat.example.org/widget/chat-centre.js';

test('the server is where the script came from', () => {
  const cases: [src: string, base: string][] = [
    [SRC, 'https://chat.example.org/'],
    ['http://127.0.0.1:8080/widget/chat-centre.js?v=2', 'http://127.0.0.1:8080/'],
    ['https://example.org/support/widget/chat-centre.js', 'https://example.org/support/'],
  ];
  for (const [src, base] of cases) assert.equal(readConfig(src, {}).base, base);
});

test('without attributes every setting has its default', () => {
  assert.deepEqual(readConfig(SRC, {}), {
    base: 'https://chat.example.org/',
    language: null,
    theme: 'auto',
    position: 'end',
    accent: DEFAULT_ACCENT,
    scenario: '',
    title: '',
    name: '',
    email: '',
  });
});

test('a value that is not offered counts as not given', () => {
  const config = readConfig(SRC, { theme: 'neon', position: 'top', accent: 'red;position:fixed', language: 'auto' });
  assert.deepEqual([config.theme, config.position, config.accent, config.language], ['auto', 'end', DEFAULT_ACCENT, null]);
});

test('given values are taken, without the spaces around them', () => {
  const config = readConfig(SRC, { theme: ' dark ', position: 'left', accent: '#ABC', language: 'ar-EG', name: ' Bob ' });
  assert.deepEqual([config.theme, config.position, config.accent, config.language, config.name], ['dark', 'left', '#aabbcc', 'ar', 'Bob']);
});

test('colours are #rgb or #rrggbb and nothing else', () => {
  const cases: [text: string, colour: string | null][] = [
    ['#fff', '#ffffff'],
    ['#0B6E69', '#0b6e69'],
    ['#0b6e6', null],
    ['0b6e69', null],
    ['#fff;x', null],
    ['url(x)', null],
    ['', null],
  ];
  for (const [text, colour] of cases) assert.equal(hexColour(text), colour, text);
});

test('the text on any colour has a contrast of at least 4.5', () => {
  const part = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  for (let red = 0; red < 256; red += 15)
    for (let green = 0; green < 256; green += 15)
      for (let blue = 0; blue < 256; blue += 15) {
        const colour = '#' + [red, green, blue].map((value) => value.toString(16).padStart(2, '0')).join('');
        const light = 0.2126 * part(red / 255) + 0.7152 * part(green / 255) + 0.0722 * part(blue / 255);
        const contrast = inkOn(colour) === '#fff' ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
        assert.ok(contrast >= 4.5, `${colour}: ${contrast}`);
      }
});

test('language: what the tag says, then the page, then the browser, then English', () => {
  assert.equal(pickLanguage('ar', 'en', ['en']), 'ar');
  assert.equal(pickLanguage(null, 'ar-SA', ['en-GB']), 'ar');
  assert.equal(pickLanguage(null, '', ['ar', 'en']), 'ar');
  assert.equal(pickLanguage(null, 'fr', ['de', 'ar']), 'ar');
  assert.equal(pickLanguage(null, '', ['de', 'fr']), 'en');
  // "arn" is Mapudungun, not Arabic.
  assert.equal(pickLanguage(null, 'arn', []), 'en');
});
