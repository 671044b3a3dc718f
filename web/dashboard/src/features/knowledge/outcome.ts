export type SuggestionOutcome = 'accepted' | 'edited' | 'rejected';

/** Less than this share of an inserted text left, and it was replaced rather than changed. */
const CHANGED_ABOVE = 0.3;

const plain = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase();
const wordsOf = (text: string) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * What became of a suggested text that was put into a reply: sent as it was (a greeting around it changes nothing),
 * sent with changes, or done without.
 */
export function outcomeOf(inserted: string, sent: string): SuggestionOutcome {
  if (plain(sent).includes(plain(inserted))) return 'accepted';
  const left = new Map<string, number>();
  for (const word of wordsOf(sent)) left.set(word, (left.get(word) ?? 0) + 1);
  const words = wordsOf(inserted);
  let kept = 0;
  for (const word of words) {
    const times = left.get(word) ?? 0;
    if (times === 0) continue;
    left.set(word, times - 1);
    kept++;
  }
  return kept / words.length > CHANGED_ABOVE ? 'edited' : 'rejected';
}
