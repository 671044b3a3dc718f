// When to look for articles: pure, so that a test can walk the cases.

export interface Suggestion {
  title: string;
  passage: string;
  url?: string;
}

const FEWEST_LETTERS = 8;

/** Two words at least, not a person's turn: whoever talks with staff is not sent to articles. */
export function wantsSuggestions(text: string, handler: string | undefined): boolean {
  if (handler === 'staff' || handler === 'queue') return false;
  const words = text.trim().split(/\s+/);
  return words.length >= 2 && text.trim().length >= FEWEST_LETTERS;
}
