/** The shapes of the desk: tickets, customers, search, notifications, templates and macros, as the server sends them. */
import type { Conversation, Department, Page, Priority, StaffRef } from './types.ts';

export type TicketStatus = 'open' | 'in_progress' | 'waiting_customer' | 'on_hold' | 'resolved' | 'closed';
export type TicketLevel = 'L1' | 'L2' | 'manager';
export type TicketSource = 'handover' | 'complaint' | 'low_confidence' | 'portal' | 'staff' | 'api';
export type SlaState = 'running' | 'paused' | 'met' | 'breached' | 'none';

export interface SlaPart {
  due_at: string | null;
  met_at?: string | null;
  state: SlaState;
}

export interface Sla {
  policy?: unknown;
  first_response: SlaPart;
  resolution: SlaPart;
}

export interface Requester {
  contact_id: string | null;
  name: string;
  email?: string | null;
  phone?: string | null;
}

export interface Ticket {
  ticket_id: string;
  subject: string;
  description: string;
  status: TicketStatus;
  priority: Priority;
  level: TicketLevel;
  category: string | null;
  department: Department | null;
  assigned_staff: StaffRef | null;
  requester: Requester | null;
  conversation_id: string | null;
  source: TicketSource;
  tags: string[];
  followers?: StaffRef[];
  sla: Sla | null;
  merged_into: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  resolved_at: string | null;
  closed_at: string | null;
}

export interface TicketReply {
  reply_id: string;
  author: { kind: 'staff' | 'customer'; staff_id?: string; name?: string };
  message: string;
  at: string;
}

export interface TicketNote {
  note_id: string;
  /** The name and id of who wrote it, flat or as a person, by the server's age. */
  author?: { staff_id?: string; name?: string };
  name?: string;
  body: string;
  at: string;
}

export interface TicketChange {
  at: string;
  actor: StaffRef | string | null;
  field: string;
  before: unknown;
  after: unknown;
}

export interface TicketDetail extends Ticket {
  replies?: TicketReply[];
  notes?: TicketNote[];
  history?: TicketChange[];
  links?: { ticket_id: string; kind: string }[];
}

export interface Notification {
  notification_id: string;
  kind: string;
  level: 'info' | 'warning' | 'urgent';
  title: string;
  body: string;
  at: string;
  read_at: string | null;
  acknowledged_at?: string | null;
  /** Nobody acknowledged it in time, so it went to the managers. */
  escalated?: boolean;
  conversation_id: string | null;
  ticket_id: string | null;
}

export interface NotificationPage extends Page<Notification> {
  unread?: number;
}

export interface NotificationPreferences {
  kinds: Record<string, { in_app: boolean; browser: boolean; mail: boolean }>;
  quiet_from: string | null;
  quiet_to: string | null;
  /** False while nothing was ever changed. */
  chosen?: boolean;
  /** Whose hours the quiet ones are. */
  time_zone?: string;
  /** False when the server has no way to send mail. */
  mail_available?: boolean;
}

export type LeadStatus = 'new' | 'qualified' | 'won' | 'lost';

export interface Lead {
  lead_id: string;
  contact?: { contact_id: string; name: string };
  status: LeadStatus;
  score: number;
  source: string;
  priority: 'low' | 'normal' | 'high';
  handover_requested?: boolean;
  /** What made them ask for a person. */
  handover_trigger?: string | null;
  handover_timestamp?: string | null;
  created_at: string;
  updated_at: string;
}

export interface Contact {
  contact_id: string;
  name: string;
  email: string | null;
  phone: string | null;
  language: string | null;
  vip: boolean;
  company: string | null;
  custom?: Record<string, unknown>;
  consent?: Record<string, unknown>;
  identities?: { channel: string; external_id: string; verified: boolean }[];
  lead?: Lead | null;
  last_contact_at: string | null;
  created_at: string;
  updated_at: string;
  conversations?: number;
  open_tickets?: number;
}

/** One thing in a contact's story. Only `at` and what it is are certain. */
export interface TimelineItem {
  type?: string;
  kind?: string;
  at: string;
  title?: string | null;
  text?: string | null;
  id?: string;
  /** Of a conversation, ticket, task or merge; the type of an activity. */
  state?: string;
  staff?: StaffRef | null;
  conversation_id?: string | null;
  ticket_id?: string | null;
}

export interface Duplicate {
  contact: Contact;
  /** phone, email, name_and_company */
  reasons: string[];
  /** What speaks against it: both_verified, different_phone, different_email, different_name. */
  warnings?: string[];
}

export interface MergeResult {
  contact: Contact;
  moved?: Record<string, number>;
  warnings?: string[];
  merge_id?: string | null;
}

export interface Task {
  task_id: string;
  title: string;
  note: string | null;
  due_at: string | null;
  done_at: string | null;
  owner: StaffRef | null;
  contact: { contact_id: string; name: string } | null;
  conversation_id: string | null;
  ticket_id: string | null;
  created_at: string;
}

export type HitType = 'conversation' | 'message' | 'ticket' | 'contact' | 'article';

export interface SearchHit {
  /** Singular or plural, as the server says it. */
  type: string;
  id: string;
  title: string | null;
  /** Found words stand in [[..]]. */
  snippet: string | null;
  at: string;
  score?: number;
  conversation_id?: string | null;
}

export interface SearchPage extends Page<SearchHit> {
  took_ms?: number;
}

export interface SavedView {
  view_id?: string;
  id?: string;
  name: string;
  filters: Record<string, unknown>;
  shared: boolean;
  owner?: StaffRef | string | null;
}

export interface Template {
  template_id: string;
  id?: string;
  name: string;
  shortcut: string | null;
  body_en: string;
  body_ar: string;
  department?: Department | string | null;
  tags?: string[];
  /** Some servers send the text already filled for the conversation. */
  text?: string;
}

export interface Macro {
  macro_id: string;
  id?: string;
  name: string;
  steps: { do: string; value: unknown }[];
}

export interface MacroRun {
  run_id: string;
  done?: unknown[];
  conversation?: Conversation;
}

export interface Offer {
  conversation_id: string;
  staff_id: string;
  expires_at: string;
  user_name: string | null;
  category: string | null;
  priority: Priority;
  /** Why this person, in a sentence. */
  reason: string;
  reason_ar?: string;
}

/** How handing over works: the questions an administrator asks of it. */
export interface HandoverReport {
  hours: number;
  accuracy: { handover_needed: boolean; avg_confidence: number; total_requests: number }[];
  triggers: { handover_trigger: string; frequency: number }[];
  decisions: {
    message_text: string;
    handover_needed: boolean;
    confidence_score: number;
    reason: string;
    created_at: string;
    conversation_id: string | null;
  }[];
  activities: {
    phone_number: string;
    title: string;
    description: string;
    created_at: string;
    contact_id: string;
    conversation_id: string | null;
  }[];
}
