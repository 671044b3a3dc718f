/** What the server objects to in a field, in the reader's language where we know the sentence; else as it was said. */

type Say = (key: ObjectionKey, params?: Record<string, string>) => string;
export type ObjectionKey = `objection.${'empty' | 'range' | 'between' | 'atMost' | 'email' | 'words' | 'https' | 'slug' | 'taken' | 'password' | 'order'}`;

const table: readonly [RegExp, ObjectionKey, ...string[]][] = [
  [/^must not be empty$|^value must have 1 to \d+ characters$|^must be at least 1 character/, 'objection.empty'],
  [/^must have (?<from>\d+) to (?<to>\d+) characters$/, 'objection.range'],
  [/^must have at least (?<from>\d+) characters$/, 'objection.password'],
  [/^must have at most (?<to>\d+) characters$/, 'objection.atMost'],
  [/^must be a whole number from (?<from>\d+) to (?<to>\d+)$/, 'objection.between'],
  [/e-mail address/, 'objection.email'],
  [/^value must be a list of words$/, 'objection.words'],
  [/^must start with https:\/\//, 'objection.https'],
  [/lower-case/, 'objection.slug'],
  [/already|taken|in use/, 'objection.taken'],
  [/^must not be shorter than the time to the first answer$/, 'objection.order'],
];

export function objection(message: string, say: Say): string {
  for (const [pattern, key] of table) {
    const match = pattern.exec(message);
    if (!match) continue;
    // A text of at least one character is one that may not be empty.
    if (key === 'objection.range' && match.groups?.['from'] === '1') return say('objection.empty');
    return say(key, { ...match.groups });
  }
  return message;
}
