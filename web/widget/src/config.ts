// Reads the attributes of the script tag. Pure, so that a test can walk the odd values.

export type Language = 'en' | 'ar';

export interface Config {
  /** Where the script came from, with a trailing slash: every call goes there. */
  base: string;
  /** null: follow the page, then the browser. */
  language: Language | null;
  theme: 'auto' | 'light' | 'dark';
  position: 'start' | 'end' | 'left' | 'right';
  /** #rrggbb */
  accent: string;
  scenario: string;
  title: string;
  name: string;
  email: string;
}

export const DEFAULT_ACCENT = '#4353d8';

export function readConfig(src: string, data: Record<string, string | undefined>): Config {
  const value = (key: string) => (data[key] ?? '').trim();
  const oneOf = <T extends string>(key: string, allowed: readonly T[], fallback: T): T =>
    allowed.includes(value(key) as T) ? (value(key) as T) : fallback;
  return {
    // The script lives at <base>widget/chat-centre.js; a server behind a path prefix works too.
    base: new URL('../', src).href,
    language: supported(value('language')),
    theme: oneOf('theme', ['auto', 'light', 'dark'], 'auto'),
    position: oneOf('position', ['start', 'end', 'left', 'right'], 'end'),
    accent: hexColour(value('accent')) ?? DEFAULT_ACCENT,
    scenario: value('scenario'),
    title: value('title'),
    name: value('name'),
    email: value('email'),
  };
}

/** The language of a BCP 47 tag when we speak it: `ar-EG` is Arabic, `fr` is null. */
export function supported(tag: string): Language | null {
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  return primary === 'en' || primary === 'ar' ? primary : null;
}

export function pickLanguage(wanted: Language | null, page: string, browser: readonly string[]): Language {
  if (wanted) return wanted;
  for (const tag of [page, ...browser]) {
    const found = supported(tag);
    if (found) return found;
  }
  return 'en';
}

/** `#abc` or `#aabbcc` as #rrggbb; anything else is null, so that no other CSS gets in. */
export function hexColour(text: string): string | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (!digits) return null;
  return '#' + (digits.length === 3 ? digits.replace(/./g, '$&$&') : digits).toLowerCase();
}

/** Black or white, whichever reads better on the colour (WCAG relative luminance; never under 4.5:1). */
export function inkOn(colour: string): '#000' | '#fff' {
  const channel = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? '#fff' : '#000';
}
