/** What is left to say of a draft when `sent` is on its way: what was typed while it was being sent is not lost. */
export function remaining(draft: string, sent: string): string {
  const text = draft.trimStart();
  return text.startsWith(sent) ? text.slice(sent.length).trimStart() : draft;
}
