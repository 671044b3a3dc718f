import type { Contact, Task, TimelineItem } from '../../../../shared/api/desk.ts';
import type { ConversationDetail, Page } from '../../../../shared/api/types.ts';
import { api } from '../session/session.svelte.ts';
import { inOrder, kindOf, leadsTo, ownerOf } from './customers.ts';

const SHOWN = 5;
const finished = ['resolved', 'closed', 'merged'];

/** What is known of the customer of one conversation, beside it. What cannot be had is left out. */
export class Card {
  contact = $state.raw<Contact | null>(null);
  conversations = $state.raw<readonly TimelineItem[]>([]);
  tickets = $state.raw<readonly TimelineItem[]>([]);
  tasks = $state.raw<readonly Task[]>([]);

  constructor(detail: ConversationDetail) {
    void this.#load(detail).catch(() => undefined);
  }

  async finish(task: Task, done: boolean): Promise<void> {
    await api.patch(`/tasks/${encodeURIComponent(task.task_id)}`, { done });
    await this.#loadTasks();
  }

  async #load(detail: ConversationDetail): Promise<void> {
    const contact = await find(detail);
    if (!contact) return;
    this.contact = contact;
    const path = `/contacts/${encodeURIComponent(contact.contact_id)}`;
    const [timeline] = await Promise.all([api.get<Page<TimelineItem>>(`${path}/timeline`, { query: { limit: 50 } }), this.#loadTasks()]);
    this.conversations = timeline.items
      .filter((item) => kindOf(item) === 'conversation' && item.conversation_id && item.conversation_id !== detail.conversation_id)
      .slice(0, SHOWN);
    this.tickets = timeline.items.filter((item) => kindOf(item) === 'ticket' && leadsTo(item) && !finished.includes(item.state ?? '')).slice(0, SHOWN);
  }

  async #loadTasks(): Promise<void> {
    const id = this.contact?.contact_id;
    if (!id) return;
    const page = await api.get<Page<Task>>('/tasks', { query: { contact: id, open: true, limit: 20 } });
    this.tasks = inOrder(page.items.filter((task) => !task.done_at && (!task.contact || task.contact.contact_id === id))).slice(0, SHOWN);
  }
}

/** By the id that the conversation names, else by an address or number of theirs. */
async function find(detail: ConversationDetail): Promise<Contact | null> {
  if (detail.contact_id) return api.get<Contact>(`/contacts/${encodeURIComponent(detail.contact_id)}`);
  for (const q of [detail.user_email, detail.user_phone, detail.user_name]) {
    if (!q) continue;
    const owner = ownerOf(detail, (await api.get<Page<Contact>>('/contacts', { query: { q, limit: 20 } })).items);
    if (owner) return owner;
  }
  return null;
}
