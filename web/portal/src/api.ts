// The two calls of a link, and the form's.
import { request } from '../../shared/page/request.ts';

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

const address = (token: string) => '/api/v1/portal/tickets/' + encodeURIComponent(token);

export const load = (token: string) => request<Ticket>('GET', address(token));

export const write = (token: string, message: string, client_message_id: string) =>
  request<{ reply: Reply; status: Status }>('POST', address(token), { body: { message, client_message_id } });

export const ask = (question: Question) =>
  request<{ ticket_id: string; portal_token: string }>('POST', '/tickets', { body: question });
