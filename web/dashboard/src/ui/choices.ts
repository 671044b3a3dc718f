/** One of the things that a pick list offers. */
export interface Choice {
  id: string;
  label: string;
  /** Choices of one group stand together under its name. */
  group: string;
  hint?: string;
  icon?: string;
  keys?: string;
  /** Found elsewhere for what was typed: shown after the others, whatever its words. */
  always?: boolean;
  /** Further words that find it. */
  words?: string;
}

/**
 * The choices for what was typed: each word must begin a word of the choice. Those found by their own
 * name come before those found by a further word, so that "sales" is the department before its people.
 */
export function find<T extends Choice>(choices: readonly T[], typed: string): T[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => ` ${fold(text)}`.includes(` ${word}`));
  const byName = choices.filter((choice) => has(choice.label));
  const byWords = choices.filter((choice) => !byName.includes(choice) && has(`${choice.label} ${choice.words ?? ''}`));
  return [...byName, ...byWords];
}

/** Case, accents and the Arabic letter forms that people do not type consistently make no difference. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, '')
    .replace(/[أإآٱ]/g, 'ا')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')
    .toLowerCase();
}
