// Splits a message into plain text and links. The page only ever gets text nodes and http(s) anchors.

export type Part = string | { href: string; text: string };

// Direction overrides end a link: with them a link could read as another address than it opens.
const LINK = /https?:\/\/[^\s<>"'\u202a-\u202e\u2066-\u2069]+/gi;

export function parts(text: string): Part[] {
  const out: Part[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const link = trimmed(found[0]);
    const href = safe(link);
    if (!href) continue;
    if (found.index > from) out.push(text.slice(from, found.index));
    out.push({ href, text: link });
    from = found.index + link.length;
  }
  if (from < text.length) out.push(text.slice(from));
  return out;
}

/** Punctuation after an address belongs to the sentence, a bracket that the address opened to the address. */
function trimmed(link: string): string {
  for (;;) {
    const last = link.slice(-1);
    const closes = last === ')' && link.split('(').length < link.split(')').length;
    if (!closes && !/[.,;:!?\u060c\u061b\u061f\]}]/.test(last)) return link;
    link = link.slice(0, -1);
  }
}

function safe(link: string): string | null {
  try {
    const url = new URL(link);
    // https://bank.example@evil.example: a name before @ is only there to mislead.
    return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/** A name without characters that turn the direction of what follows. */
export function plainName(name: string): string {
  return name.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '').trim();
}
