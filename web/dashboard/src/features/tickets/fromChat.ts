import type { Ticket } from '../../../../shared/api/desk.ts';
import type { Page, Priority } from '../../../../shared/api/types.ts';
import { router } from '../../lib/router.svelte.ts';
import { open } from '../conversation/open.svelte.ts';
import { api } from '../session/session.svelte.ts';

/** A chat has one open ticket: goes to it, or asks what the new one is to say. */
export async function ticketOfChat(id: string): Promise<void> {
  let known: Ticket | undefined;
  try {
    const query = { conversation: id, status: 'open,in_progress,waiting_customer,on_hold', limit: 10 };
    const page = await api.get<Page<Ticket>>('/tickets', { query });
    known = page.items.find((ticket) => ticket.conversation_id === id && !ticket.merged_into);
  } catch {
    // The server says so again when the new one is made.
  }
  if (known) router.go({ name: 'ticket', id: known.ticket_id });
  else if (open.thread?.id === id) open.dialog = 'ticket';
}

/** Opens the chat's ticket, which begins with what the server knows, and gives it the words of the form. */
export async function openTicket(id: string, wanted: { subject: string; description: string; priority: Priority }): Promise<Ticket> {
  const made = await api.post<Ticket>(`/conversations/${encodeURIComponent(id)}/ticket`, wanted);
  const differs = (['subject', 'description', 'priority'] as const).filter((key) => wanted[key] && made[key] !== wanted[key]);
  if (!differs.length) return made;
  return api.patch<Ticket>(`/tickets/${encodeURIComponent(made.ticket_id)}`, Object.fromEntries(differs.map((key) => [key, wanted[key]])));
}
