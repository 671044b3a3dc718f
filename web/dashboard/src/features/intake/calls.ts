/** A guided call as staff see it. */
export interface Call {
  call_id: string;
  conversation_id: string;
  stage: string;
  stages: { stage: string; status: 'done' | 'current' | 'to_come' }[];
  language: string | null;
  status: 'active' | 'paused' | 'on_hold' | 'ended';
  handling: 'bot' | 'agent' | null;
  customer: { name: string; phone: string; email: string; service_type: string };
  department: string | null;
  ticket_id: string | null;
  routing?: { confidence: number; because: string };
  complaint?: string;
  severity?: string;
  retries?: number;
  muted?: boolean;
  started_at: string;
  updated_at: string;
}

export interface Line {
  sequence: number;
  speaker: string;
  speaker_name: string;
  text: string;
  timestamp: string;
}

/** The newest state of a call in its place; one that has ended leaves the list. An older state comes late, and is left out. */
export function withCall(calls: readonly Call[], call: Call): readonly Call[] {
  const known = calls.find((one) => one.call_id === call.call_id);
  if (!known || known.updated_at > call.updated_at) return calls;
  if (call.status === 'ended') return calls.filter((one) => one !== known);
  return calls.map((one) => (one === known ? { ...one, ...call } : one));
}

/** One line more, in its place; the same one twice is one. */
export function withLine(lines: readonly Line[], line: Line): readonly Line[] {
  if (lines.some((one) => one.sequence === line.sequence)) return lines;
  return [...lines, line].sort((a, b) => a.sequence - b.sequence);
}

export interface Prompt {
  department: string;
  key: string;
  language: 'en' | 'ar';
  body: string;
  shipped: string;
  about: string;
  changed: boolean;
  variables: string[];
}

export const promptPath = (p: Prompt): string => `/prompts/${p.department}/${p.key}/${p.language}`;

/** The texts of one prompt beside each other, in the order they come. */
export function byKey(prompts: readonly Prompt[]): { key: string; en?: Prompt; ar?: Prompt }[] {
  const pairs = new Map<string, { key: string; en?: Prompt; ar?: Prompt }>();
  for (const prompt of prompts) {
    const pair = pairs.get(prompt.key) ?? { key: prompt.key };
    pair[prompt.language] = prompt;
    pairs.set(prompt.key, pair);
  }
  return [...pairs.values()];
}
