/**
 * Full jitter: a wait drawn evenly from nothing to a ceiling that doubles with every failed attempt.
 * After a restart thousands of clients then come back spread out instead of in one wave.
 *
 * @param attempt 0 for the first try after a working connection
 * @param random a number in [0, 1)
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number, baseMs = 500, capMs = 30_000): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16));
  return Math.round(random * ceiling);
}
