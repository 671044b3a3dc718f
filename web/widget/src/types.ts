// The customer's view of a conversation; messages and frames are those of shared/.
import type { Message } from '../../shared/api/types.ts';

export type { Message };

export interface Conversation {
  conversation_id: string;
  status: 'bot' | 'pending' | 'active' | 'resolved' | 'closed';
  handler: 'bot' | 'queue' | 'staff';
  assigned_staff: { name: string } | null;
  /** 1 is next; null when not waiting or not known. */
  queue_position: number | null;
  rating?: number | null;
  last_seq?: number;
}

export interface Started {
  conversation_id: string;
  token: string;
  messages?: Message[];
}

/** A message the customer wrote that the server has not confirmed yet. */
export interface Outgoing {
  /** client_message_id: the server stores one message per id, so sending it again is always safe. */
  id: string;
  text: string;
  at: string;
  /** later: tried in vain, the next connection tries again; refused: only the customer can try again. */
  failed: '' | 'later' | 'refused';
}
