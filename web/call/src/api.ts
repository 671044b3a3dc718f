// The calls of a caller.
import { request } from '../../shared/page/request.ts';

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

const base = '/api/v1/intake/';
const of = (call: Ticket, rest = '') => base + encodeURIComponent(call.call_id) + rest;

export const start = (language: string) =>
  request<Call & Ticket>('POST', base + 'start', { body: { language, channel: 'web' } });

export const show = (call: Ticket) => request<Call>('GET', of(call), { token: call.token });

export const say = (call: Ticket, text: string, client_message_id: string) =>
  request<Call & { message: Stored; reply: Stored | null }>('POST', of(call, '/input'), {
    token: call.token,
    body: { text, client_message_id },
  });

/** What a caller can change about the call, and what the server is told of it. */
export type Change =
  | ['hold', { on: boolean }]
  | ['language', { language: 'en' | 'ar' }]
  | ['transfer', Record<never, never>]
  | ['end', Record<never, never>];

export const change = (call: Ticket, what: Change[0], body: Change[1]) =>
  request<Call>('POST', of(call, '/' + what), { token: call.token, body });

export const transcript = (call: Ticket, after: number) =>
  request<{
    items: { sequence: number; speaker: string; speaker_name: string; text: string }[];
    next_after_seq: number | null;
  }>('GET', of(call, `/transcript?after_seq=${after}`), { token: call.token });

/** The name of the colleague who has the conversation; null while nobody has. */
export async function colleague({ conversation_id, token }: Ticket): Promise<string | null> {
  const path = '/api/v1/conversations/' + conversation_id;
  const { assigned_staff } = await request<{ assigned_staff?: { name: string } | null }>('GET', path, { token });
  return assigned_staff?.name ?? null;
}
