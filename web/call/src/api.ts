// The calls of a caller.
export interface Call {
  call_id: string;
  conversation_id: string;
  stage: string;
  stages: { stage: string; status: 'done' | 'current' | 'to_come' }[];
  language: 'en' | 'ar' | null;
  status: 'active' | 'paused' | 'on_hold' | 'ended';
  handling: 'bot' | 'agent' | null;
  customer: { name: string; phone: string; email: string; service_type: string };
  department: string | null;
  ticket_id: string | null;
  started_at: string;
  updated_at: string;
}

export const blank = (): Call => ({
  call_id: '',
  conversation_id: '',
  stage: 'welcome',
  stages: [],
  language: null,
  status: 'active',
  handling: null,
  customer: { name: '', phone: '', email: '', service_type: '' },
  department: null,
  ticket_id: null,
  started_at: '',
  updated_at: '',
});

/** What a page needs to come back to its call. */
export interface Ticket {
  call_id: string;
  conversation_id: string;
  token: string;
}

interface Stored {
  seq: number;
  role: string;
  sender: string;
  message: string;
}

/** The server said no. Any other failure is a TypeError of fetch: no connection. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`refused: ${status}`);
    this.status = status;
  }
}

async function request<Answer>(method: string, path: string, token: string | null, body?: unknown): Promise<Answer> {
  const answer = await fetch('/api/v1/intake/' + path, {
    method,
    credentials: 'omit',
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status);
  return json as Answer;
}

const of = (ticket: Ticket, rest = '') => encodeURIComponent(ticket.call_id) + rest;

export const start = (language: string) => request<Call & Ticket>('POST', 'start', null, { language, channel: 'web' });
export const show = (t: Ticket) => request<Call>('GET', of(t), t.token);
export const say = (t: Ticket, text: string, client_message_id: string) =>
  request<Call & { message: Stored; reply: Stored | null }>('POST', of(t, '/input'), t.token, { text, client_message_id });

/** What a caller can change about the call, and what the server is told of it. */
export type Change =
  | ['hold', { on: boolean }]
  | ['language', { language: 'en' | 'ar' }]
  | ['transfer', Record<never, never>]
  | ['end', Record<never, never>];

export const change = (t: Ticket, what: Change[0], body: Change[1]) =>
  request<Call>('POST', of(t, '/' + what), t.token, body);
export const transcript = (t: Ticket, after: number) =>
  request<{
    items: { sequence: number; speaker: string; speaker_name: string; text: string }[];
    next_after_seq: number | null;
  }>('GET', of(t, `/transcript?after_seq=${after}`), t.token);

/** The name of the colleague who has the conversation; null while nobody has. */
export async function colleague(t: Ticket): Promise<string | null> {
  const answer = await fetch('/api/v1/conversations/' + t.conversation_id, {
    credentials: 'omit',
    headers: { Authorization: `Bearer ${t.token}` },
  });
  if (!answer.ok) return null;
  const json = (await answer.json()) as { assigned_staff?: { name: string } | null };
  return json.assigned_staff?.name ?? null;
}
