/** The shapes behind the admin screens: the desk of a department, rules, content, connections, quality. */
import type { Priority, StaffRef } from './types.ts';

export type Assignment = 'manual' | 'round_robin' | 'least_loaded';

/** Days count from Monday = 1 to Sunday = 7; times are local to the desk's time zone. */
export interface Span {
  day: number;
  from: string;
  to: string;
}

export interface Holiday {
  /** YYYY-MM-DD */
  date: string;
  name: string;
}

export interface Desk {
  assignment: Assignment;
  accept_seconds: number;
  queue_limit: number | null;
  time_zone: string;
  hours: Span[];
  holidays: Holiday[];
  skills_required: string[];
  full_answer_en: string;
  full_answer_ar: string;
}

/** The company's hours, from the server's settings: they count for departments that have none. */
export interface CompanyHours {
  time_zone: string;
  hours: Span[];
}

/** What the server says of a desk beside what can be set. */
export interface DeskState extends Desk {
  open: boolean;
  in_force: CompanyHours & { from: 'department' | 'company' | 'always' };
  company_hours: CompanyHours | null;
}

export interface Skill {
  skill: string;
  level: number;
}

export interface StaffSkills {
  skills: Skill[];
  weight: number;
}

export interface Category {
  slug: string;
  name_en: string;
  name_ar: string;
  department: string | null;
  keywords_en: string[];
  keywords_ar: string[];
}

export interface SlaPolicy {
  policy_id: string;
  name: string;
  department: string | null;
  category: string | null;
  priority: Priority | null;
  first_response_minutes: number;
  resolution_minutes: number;
  reminder_minutes: number | null;
  business_hours: boolean;
  active: boolean;
}

export interface Template {
  template_id: string;
  name: string;
  shortcut: string;
  body_en: string;
  body_ar: string;
  department: string | null;
  tags: string[];
  uses?: number;
}

export type StepKind = 'send' | 'note' | 'tag' | 'untag' | 'assign' | 'department' | 'priority' | 'status' | 'category';

export interface Step {
  do: StepKind;
  value: string;
}

export interface Macro {
  macro_id: string;
  name: string;
  steps: Step[];
}

export interface Webhook {
  webhook_id: string;
  url: string;
  events: string[];
  active: boolean;
  failing_since?: string | null;
  disabled_reason?: string;
  /** Until then messages are signed with the secret before the present one too. */
  former_secret_until?: string | null;
  /** Sent once, in the answer to its creation or rotation. */
  secret?: string | null;
}

export interface Attempt {
  at: string;
  /** HTTP status; 0 when no answer came. */
  status: number;
  error: string;
  took_ms: number;
}

export type DeliveryState = 'waiting' | 'sent' | 'dead' | 'dropped';

export interface Delivery {
  delivery_id: string;
  type: string;
  state: DeliveryState;
  created_at: string;
  done_at?: string | null;
  next_attempt_at?: string | null;
  attempts: Attempt[];
  payload?: unknown;
}

export interface Integration {
  integration_id: string;
  kind: 'slack' | 'teams';
  name: string;
  /** All that is shown of its address: whoever has the whole may post there. */
  url_host?: string;
  events: string[];
  active: boolean;
}

export interface OutboxEntry {
  outbox_id: string;
  kind: 'mail' | 'slack' | 'teams' | 'webhook';
  recipient: string;
  subject: string;
  state: DeliveryState;
  attempts: number;
  last_status?: number;
  last_error?: string;
  created_at: string;
}

export interface MailStatus {
  configured: boolean;
  server?: string;
  tls?: boolean;
  from?: string;
  waiting?: number;
  dead?: number;
  last_sent_at?: string | null;
  last_failure_at?: string | null;
  last_error?: string;
}

export interface Candidate {
  staff_id: string;
  name: string;
  eligible: boolean;
  why: string;
  why_ar?: string;
  load?: number;
  idle_seconds?: number | null;
  score?: number;
}

export interface Decision {
  at: string;
  kind: string;
  chosen: StaffRef | null;
  reason: string;
  reason_ar?: string;
  candidates: Candidate[];
  /** Of the rules, where they decided. */
  trace?: TraceRule[];
}

export interface Criterion {
  id: string;
  label_en: string;
  label_ar: string;
  weight: number;
  /** Points go from 0 to this. */
  scale: number;
}

export interface Scorecard {
  scorecard_id: string;
  name: string;
  criteria: Criterion[];
  active?: boolean;
}

export interface Review {
  review_id: string;
  conversation_id: string;
  scorecard_id: string;
  scorecard_name?: string;
  staff: StaffRef;
  reviewer: StaffRef;
  scores: Record<string, number>;
  /** As they were when it was written. */
  criteria?: Criterion[];
  /** 0 to 100. */
  total: number;
  comment: string;
  at: string;
}

export interface ReviewMonth {
  /** YYYY-MM */
  month: string;
  average: number;
  reviews: number;
}

export interface StaffSummary {
  staff: StaffRef;
  average: number;
  reviews: number;
  /** Points a month. */
  trend: number;
  months: ReviewMonth[];
}

export interface ReviewSummary {
  months: ReviewMonth[];
  average: number;
  reviews: number;
  trend: number;
  staff: StaffSummary[];
}

export interface Calibration {
  conversation_id: string;
  scorecard_id: string;
  scorecard_name?: string;
  staff: StaffRef;
  mean: number;
  spread: number;
  /** How many points apart the reviewers are, by criterion. */
  criterion_spread?: Record<string, number>;
  /** `leaning` above 0 is milder than the others. */
  reviews: { reviewer: StaffRef; total: number; leaning: number }[];
}

export interface Example {
  example_id: string;
  note: string;
  category?: string;
  department?: string;
  language?: string;
  messages: { role: string; message: string }[];
  made_by?: StaffRef;
  at: string;
}

export interface Supervision {
  watching: { staff_id: string; name: string; since: string }[];
  joined: { staff_id: string; name: string; since: string }[];
}

export interface Analysis {
  language: string;
  intent?: 'greeting' | 'thanks' | 'goodbye' | 'question' | 'complaint' | 'status_check' | 'order' | 'booking' | 'other';
  intent_confidence?: number;
  sentiment: 'negative' | 'neutral' | 'positive';
  sentiment_score: number;
  department: string | null;
  category: string | null;
  severity: 'low' | 'medium' | 'high' | 'critical';
  priority: Priority;
  handover: { needed: boolean; confidence: number; reason: string; reason_ar?: string };
  phone: { e164: string; country: string; valid: boolean } | null;
  emails: string[];
  department_confidence?: number;
  reasons: { what: string; because: string; because_ar?: string }[];
}

export type RuleEvent = 'new' | 'message' | 'handover' | 'transfer' | 'reopen' | 'resolve' | 'time';

export interface Condition {
  /** "text", "tags", "hours", "minutes_waiting", "contact.vip", … */
  field: string;
  op: string;
  value?: string | number | boolean | string[] | null;
}

export interface RuleAction {
  do: string;
  value: string;
}

export interface Rule {
  rule_id: string;
  name: string;
  position: number;
  active: boolean;
  events: RuleEvent[];
  match: 'all' | 'any';
  conditions: Condition[];
  actions: RuleAction[];
  /** Rules after it are not looked at once it has matched. */
  stop: boolean;
}

export interface TraceCondition {
  condition: Condition;
  result: boolean;
  because: string;
  because_ar?: string;
}

export interface TraceRule {
  rule: { rule_id: string; name: string };
  matched: boolean;
  conditions: TraceCondition[];
  actions: RuleAction[];
  /** Why it was passed over, if it was. */
  note?: string;
  note_ar?: string;
}

export interface Trial {
  trace: TraceRule[];
  outcome: Record<string, unknown>;
}

/** How what we say reaches the customer of a channel. */
export type WayOut = 'socket' | 'caller' | 'send_url';

export interface Channel {
  name: string;
  kind: 'built_in' | 'whatsapp' | 'json';
  name_en: string;
  name_ar: string;
  icon: string;
  replies: WayOut;
  own_assistant: boolean;
  active: boolean;
  /** Replies are posted to an address. */
  sends: boolean;
}

/** Where the parts of a message are in what a system posts: JSON pointers, "" for none. */
export interface ChannelMapping {
  items: string;
  text: string;
  user_id: string;
  message_id: string;
  name: string;
  phone: string;
  email: string;
  timestamp: string;
  session: string;
  only_when: { place: string; equals: string | number | boolean | null }[];
}

export interface ChannelDetail extends Channel {
  scenario: string;
  path: string;
  secret_header: string;
  has_secret: boolean;
  /** The server's environment decides some of it. */
  from_environment: boolean;
  unreadable: boolean;
  mapping: ChannelMapping | null;
  send: { host: string; header_names: string[]; body: string; format: 'json' | 'form' } | null;
  secret: string | null;
}

export interface ChannelPreview {
  messages: { user_id: string; text: string; message_id: string; name: string; phone: string; email: string; session: string; at: string | null }[];
  missing: { field: string; message: string }[];
  ignored: number;
}

export interface ChannelDelivery {
  delivery_id: string;
  channel: string;
  conversation_id: string;
  message: string;
  user_name: string;
  state: 'waiting' | 'sent' | 'dead' | 'dropped';
  attempts: number;
  last_status: number;
  last_error: string;
  created_at: string;
}

/** A stored secret: whether there is one, and its last characters. */
export interface ShownSecret {
  set: boolean;
  hint: string | null;
}

export interface ElevenLabsAddresses {
  base: string;
  webhook: string;
  custom_llm: string;
  request_staff: string;
  lookup: string;
  conversation_init: string;
  signed_url: string;
  page_script: string;
  socket: string;
  sync: string;
}

export interface ElevenLabsSettings {
  mode: 'own' | 'relay';
  agent_id: string;
  api_url: string;
  monitor: boolean;
  allowed_origins: string[];
  webhook_secrets: ShownSecret[];
  api_key: ShownSecret;
  /** What the server's environment says, and so cannot be changed here. */
  from_environment: string[];
  addresses: ElevenLabsAddresses;
}

export interface ElevenLabsTest {
  ok: boolean;
  conversation_id: string;
  reply: string | null;
  milliseconds: number;
}

export interface ElevenLabsChecklist {
  items: { part: string; at: string | null; count: number; detail: string; detail_ar: string }[];
  events: {
    type: string;
    session: string;
    received_at: string;
    processed_at: string | null;
    conversation_id: string | null;
    result: Record<string, unknown> | null;
  }[];
}

/** What ElevenLabs' analysis of a call found out. The names in `data` and `evaluation` are those chosen there. */
export interface CallFacts {
  session?: string;
  duration_seconds?: number;
  title?: string;
  summary?: string;
  successful?: string;
  data?: Record<string, string | number | boolean>;
  evaluation?: Record<string, string | number | boolean>;
  ended_because?: string;
}

export interface ConversationFacts {
  elevenlabs?: CallFacts | null;
}
