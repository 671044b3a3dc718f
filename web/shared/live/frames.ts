import type { Notification, Offer, Ticket } from '../api/desk.ts';
import type { Availability, Conversation, Counts, DraftKind, Message, Note, Priority } from '../api/types.ts';

interface EventOf<Type extends string, Data> {
  /** Increases in commit order; 0 for the live-only events (typing, viewing). */
  id: number;
  type: Type;
  at?: string;
  conversation_id?: string | null;
  data: Data;
}

/** The receiver may no longer see this conversation: its row is dropped. */
export interface Hidden {
  conversation_id: string;
  visible: false;
}

export interface Typing {
  conversation_id: string;
  who: 'customer' | 'staff';
  staff_id?: string;
  name?: string;
  typing: boolean;
  kind?: DraftKind;
}

export interface Viewing {
  conversation_id: string;
  who: 'customer' | 'staff';
  staff_id?: string;
  name?: string;
  viewing: boolean;
}

export interface Alert {
  conversation_id: string;
  level: 'urgent' | 'waiting';
  text: string;
  text_ar?: string;
}

export type LiveEvent =
  | EventOf<'message.new', Message>
  | EventOf<'message.delivery', { conversation_id: string; seq: number; message_id: string; state: 'sent' | 'dead' | 'dropped'; error: string }>
  | EventOf<'conversation.new', Conversation | Hidden>
  | EventOf<'conversation.update', Conversation | Hidden>
  | EventOf<'queue.update', Counts>
  | EventOf<
      'handover.requested',
      { conversation_id: string; reason: string | null; by: string; priority: Priority; user_name: string | null }
    >
  | EventOf<'alert', Alert>
  | EventOf<'presence', { staff_id: string; name: string; availability: Availability }>
  | EventOf<'note.new', Note & { conversation_id: string }>
  | EventOf<'whisper', Note & { conversation_id: string }>
  | EventOf<'typing', Typing>
  | EventOf<'viewing', Viewing>
  | EventOf<'ticket.new' | 'ticket.update', Ticket>
  | EventOf<'notification', Notification & { unread?: number; browser?: boolean; in_app?: boolean }>
  | EventOf<'notification.read', { unread?: number }>
  | EventOf<'lead.update', { lead_id: string; contact_id?: string }>
  | EventOf<'task.update', { task_id: string; contact_id?: string }>
  | EventOf<'offer', Offer>
  | EventOf<'offer.ended', { conversation_id: string; staff_id?: string }>;

export type ServerFrame =
  | { type: 'hello'; head: number; heartbeat_seconds?: number }
  | { type: 'subscribed'; topics: string[]; head: number }
  | { type: 'unsubscribed'; topics: string[] }
  | { type: 'events'; events: LiveEvent[] }
  /** `message` comes with the ack of a message frame: stored before the ack. */
  | { type: 'ack'; ref?: string; message?: Message }
  | { type: 'error'; code: string; message: string; ref?: string }
  | { type: 'resync'; head: number }
  | { type: 'heartbeat'; head: number }
  | { type: 'pong'; head: number };

export type ClientFrame =
  | { type: 'subscribe'; topics: string[]; since?: number }
  | { type: 'unsubscribe'; topics: string[] }
  | { type: 'ping' }
  | { type: 'auth'; token: string }
  | { type: 'message'; conversation_id: string; message: string; client_message_id: string; ref: string }
  | { type: 'typing'; conversation_id: string; typing: boolean; kind?: DraftKind }
  | { type: 'viewing'; conversation_id: string; viewing: boolean };

export function isHidden(data: Conversation | Hidden): data is Hidden {
  return (data as Hidden).visible === false;
}
