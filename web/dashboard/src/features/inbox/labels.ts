import type { Conversation } from '../../../../shared/api/types.ts';
import { i18n } from '../../lib/i18n.svelte.ts';

/** What a customer is called where no name is known. */
export function userName(row: Pick<Conversation, 'user_name' | 'user_id'>): string {
  return row.user_name || row.user_id;
}

/** What a conversation is about: its category, else its department. */
export function subject(row: Pick<Conversation, 'category' | 'department'>): string {
  if (row.category) return readable(row.category);
  return row.department ? i18n.department(row.department) : '';
}

/** Categories may be machine names: "education_scholarship" reads as "Education scholarship". */
export function readable(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

export const conversationStatuses = ['bot', 'pending', 'active', 'resolved', 'closed'] as const;
