/** How a conversation can end. Others may be stored by other clients and are shown as they are. */
export const outcomes = ['solved', 'awaiting_documents', 'referred', 'no_response', 'not_solved'] as const;
export type Outcome = (typeof outcomes)[number];

export function isOutcome(text: string): text is Outcome {
  return (outcomes as readonly string[]).includes(text);
}
