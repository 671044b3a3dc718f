// The two calls of a link, and the form's.

export type Status = 'open' | 'in_progress' | 'waiting_customer' | 'on_hold' | 'resolved' | 'closed';

export interface Reply {
  reply_id: string;
  author: { kind: 'staff' | 'customer'; name: string };
  message: string;
  at: string;
}

export interface Ticket {
  ticket_id: string;
  subject: string;
  description: string | null;
  status: Status;
  language: 'en' | 'ar';
  assigned_staff: { name: string } | null;
  can_reply: boolean;
  created_at: string;
  updated_at: string;
  closes_at?: string;
  replies: Reply[];
}

export interface Question {
  name: string;
  email: string;
  subject: string;
  description: string;
  language: string;
}

/** The server said no; `fields` names what to correct. Any other failure is a TypeError of fetch: no connection. */
export class Refused extends Error {
  readonly status: number;
  readonly fields: string[];

  constructor(status: number, fields: string[]) {
    super(`refused: ${status}`);
    this.status = status;
    this.fields = fields;
  }
}

async function call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(path, {
    method,
    credentials: 'omit',
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const json = await answer.json().catch(() => ({}));
  if (answer.ok) return json as Answer;
  const errors = (json as { errors?: { field: string }[] }).errors ?? [];
  throw new Refused(
    answer.status,
    errors.map((e) => e.field),
  );
}

const address = (token: string) => '/api/v1/portal/tickets/' + encodeURIComponent(token);

export const load = (token: string) => call<Ticket>('GET', address(token));

export const write = (token: string, message: string, client_message_id: string) =>
  call<{ reply: Reply; status: Status }>('POST', address(token), { message, client_message_id });

export const ask = (question: Question) =>
  call<{ ticket_id: string; portal_token: string }>('POST', '/tickets', question);
