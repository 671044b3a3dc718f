export interface Slash {
  /** Where the "/" stands. */
  from: number;
  /** Just after what was typed so far. */
  to: number;
  query: string;
}

const LONGEST = 40;

/** What is being looked up at the caret: a "/" that begins a word, and what follows it on the line. */
export function slashAt(text: string, caret: number): Slash | null {
  const before = text.slice(0, caret);
  const from = before.lastIndexOf('/');
  if (from < 0 || (from > 0 && !/\s/.test(before[from - 1]!))) return null;
  const query = before.slice(from + 1);
  if (query.includes('\n') || query.startsWith(' ') || query.length > LONGEST) return null;
  return { from, to: caret, query };
}

/** The text with the looked-up word replaced, and where the caret then stands. */
export function insertAt(text: string, slash: Slash, inserted: string): { text: string; caret: number } {
  const rest = text.slice(slash.to);
  const gap = rest && !/^\s/.test(rest) ? ' ' : '';
  return { text: text.slice(0, slash.from) + inserted + gap + rest, caret: slash.from + inserted.length };
}
