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
  /** Sent once, in the answer to its creation or rotation. */
  secret?: string;
  created_at?: string;
}

export interface Delivery {
  delivery_id: string;
  event: string;
  status: string;
  attempts?: number;
  response_status?: number | null;
  error?: string | null;
  at?: string;
  created_at?: string;
  next_at?: string | null;
}

export interface Integration {
  integration_id: string;
  kind: 'slack' | 'teams';
  name: string;
  url: string;
  events: string[];
}

export interface OutboxEntry {
  outbox_id: string;
  kind: string;
  target?: string;
  state?: string;
  attempts?: number;
  error?: string | null;
  created_at?: string;
}

export interface MailStatus {
  configured: boolean;
  host?: string;
  from?: string;
  waiting?: number;
  dead?: number;
  last_sent_at?: string | null;
  last_error?: string | null;
}

export interface Candidate {
  staff_id: string;
  name: string;
  eligible: boolean;
  why: string;
  load?: number;
  idle_seconds?: number;
  score?: number;
}

export interface Decision {
  at: string;
  kind: string;
  chosen: StaffRef | string | null;
  reason: string;
  candidates: Candidate[];
}

export interface Criterion {
  id: string;
  label_en: string;
  label_ar: string;
  weight: number;
  /** The best mark; the worst is 0 for a yes-or-no scale of 1, else 1. */
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
  scores: Record<string, number>;
  comment: string;
  score?: number | null;
  reviewer?: StaffRef | null;
  staff?: StaffRef | null;
  at?: string;
}

export interface ReviewMonth {
  /** YYYY-MM */
  month: string;
  average: number;
  reviews: number;
}

export interface Calibration {
  conversation_id: string;
  scorecard_id?: string;
  reviews: Review[];
  spread?: number;
}

export interface Example {
  example_id: string;
  note: string;
  at?: string;
  conversation_id?: string | null;
  messages?: { role: string; message: string }[];
  text?: string;
}

export interface Analysis {
  language: string;
  sentiment: 'negative' | 'neutral' | 'positive';
  sentiment_score: number;
  department: string | null;
  category: string | null;
  severity: 'low' | 'medium' | 'high' | 'critical';
  priority: Priority;
  handover: { needed: boolean; confidence: number; reason: string };
  phone: { e164: string; country: string; valid: boolean } | null;
  emails: string[];
  reasons: { what: string; because: string }[];
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
