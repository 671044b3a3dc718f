/** The shapes of the public contract, as the server sends them. Times are RFC 3339 UTC strings. */

export type Role = 'agent' | 'engineer' | 'manager' | 'admin';
export type Availability = 'online' | 'away' | 'offline';
export type Status = 'bot' | 'pending' | 'active' | 'resolved' | 'closed';
export type Handler = 'bot' | 'queue' | 'staff';
export type Priority = 'emergency' | 'high' | 'normal' | 'low';
export type MessageRole = 'user' | 'ai' | 'staff' | 'system';
export type DraftKind = 'reply' | 'note';

export interface StaffRef {
  staff_id: string;
  name: string;
}

export interface Department {
  slug: string;
  name_en: string;
  name_ar: string;
  /** Chats without a department of their own wait here. Only in the list of departments. */
  is_default?: boolean;
}

export interface Message {
  message_id: string;
  conversation_id: string;
  seq: number;
  role: MessageRole;
  sender: string;
  message: string;
  at: string;
  received_at: string;
  staff_id?: string | null;
  client_message_id?: string | null;
  feedback?: 'up' | 'down' | null;
}

export interface LastMessage {
  role: MessageRole;
  sender: string;
  message: string;
  at: string;
  seq: number;
}

export interface Conversation {
  conversation_id: string;
  status: Status;
  handler: Handler;
  priority: Priority;
  department: Department | null;
  category: string | null;
  channel: string;
  user_id: string;
  user_name: string | null;
  user_email: string | null;
  user_phone: string | null;
  assigned_staff: StaffRef | null;
  tags: string[];
  created_at: string;
  updated_at: string;
  resolution: string | null;
  outcome: string | null;
  rating: number | null;
  last_message: LastMessage | null;
  waiting_seconds: number;
  waiting_since: string | null;
  on_hold: boolean;
  own_assistant: boolean;
  last_seq: number;
  /** Messages from the customer that this staff member has not read. Absent in event data. */
  unread?: number;
  handover: { at: string; reason: string | null; reason_ar?: string | null; by: 'user' | 'ai' | 'staff' | 'rule' } | null;
  version: number;
  language: string;
  previous_conversation_id: string | null;
  /** Whose conversation it is in the customer records. */
  contact_id?: string | null;
  /** This staff member has an unsent draft. Absent in event data. */
  draft?: boolean;
}

export interface Note {
  note_id: string;
  body: string;
  at: string;
  staff_id: string;
  name: string;
  /** A whisper comes from a supervisor, for whoever has the conversation. */
  kind?: 'note' | 'whisper';
}

export type TurnKind =
  | 'handover'
  | 'takeover'
  | 'handback'
  | 'transfer'
  | 'hold'
  | 'unhold'
  | 'resolve'
  | 'reopen';

export interface Turn {
  after_seq: number;
  kind: TurnKind;
  at: string;
  staff: StaffRef | null;
  to: StaffRef | Department | null;
  reason: string | null;
  reason_ar?: string | null;
}

export interface HandoverCard {
  status: 'ready_for_staff' | 'with_staff' | 'none';
  issue: string | null;
  finding: string | null;
  finding_ar?: string | null;
  recommended_action: string | null;
  recommended_action_ar?: string | null;
  asked: { question: string; answer: string | null }[];
}

export interface Viewer extends StaffRef {
  writing: boolean;
}

export interface Draft {
  body: string;
  version: number;
}

export interface ConversationDetail extends Conversation {
  notes: Note[];
  turns: Turn[];
  handover_card: HandoverCard;
  viewers: Viewer[];
  draft_reply: Draft | null;
  draft_note: Draft | null;
  rating_comment: string | null;
  duration_seconds: number | null;
  session_id: string | null;
}

export interface Staff extends StaffRef {
  email: string;
  role: Role;
  departments: string[];
  languages: string[];
  capacity: number;
  active: boolean;
  availability: Availability;
  open_conversations: number;
}

export interface Me extends Staff {
  permissions: string[];
  language?: string | null;
}

export interface Session {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  staff: Staff;
}

export interface Counts {
  active: number;
  waiting: number;
  resolved_today: number;
  average_wait_seconds: number | null;
}

export interface Queue extends Counts {
  conversations_today: number;
  average_resolution_seconds: number | null;
  satisfaction: number | null;
  first_response_seconds: number | null;
  items: Conversation[];
  mine: Conversation[];
  staff: { staff_id: string; name: string; availability: Availability; monitoring: number }[];
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface ApiKey {
  key_id: string;
  name: string;
  created_at: string;
  /** The first characters of the key, to tell keys apart. */
  hint: string;
  scopes: string[];
  revoked_at: string | null;
  /** Sent once, in the answer to its creation. */
  key?: string;
}

export interface AuditEntry {
  audit_id: number;
  at: string;
  /** "STF-3", "KEY-1", "CONV-12" or "system". */
  actor: string;
  actor_name: string;
  action: string;
  target: string;
  detail: Record<string, unknown>;
  address: string;
  request_id: string;
}

export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  request_id?: string;
  errors?: { field: string; message: string }[];
  /** The newer draft, in the answer to a draft written over an older version. */
  current?: Draft;
}
