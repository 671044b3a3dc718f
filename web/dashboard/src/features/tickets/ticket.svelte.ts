import { ApiError } from '../../../../shared/api/client.ts';
import type { Ticket, TicketChange, TicketDetail } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { remaining } from '../../../../shared/text/draft.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api } from '../session/session.svelte.ts';
import { tickets } from './tickets.svelte.ts';

/** The open ticket: its content and everything that can be done to it. */
export class OpenTicket {
  readonly id: string;
  detail = $state.raw<TicketDetail | null>(null);
  missing = $state(false);
  failed = $state(false);
  history = $state.raw<readonly TicketChange[]>([]);
  /** What was written and not sent yet. */
  drafts = $state({ reply: '', note: '' });
  #refetch: ReturnType<typeof setTimeout> | undefined;
  // Answers may overtake each other: an older one does not undo a newer one.
  #asked = 0;
  #shown = 0;
  readonly #stop: () => void;

  constructor(id: string) {
    this.id = id;
    this.#stop = live.listen({
      ready: () => void this.load(),
      events: (events) => {
        for (const event of events) {
          if (event.type !== 'ticket.update' || event.data.ticket_id !== id) continue;
          if (this.detail && event.data.version <= this.detail.version) continue;
          if (this.detail) this.detail = { ...this.detail, ...event.data };
          this.#refetchSoon();
        }
      },
    });
    void this.load();
  }

  close(): void {
    clearTimeout(this.#refetch);
    this.#stop();
  }

  async load(): Promise<void> {
    const mine = ++this.#asked;
    try {
      const detail = await api.get<TicketDetail>(this.#path);
      if (mine < this.#shown) return;
      this.#shown = mine;
      this.detail = detail;
      this.failed = false;
      this.history = detail.history ?? (await this.#loadHistory());
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) this.missing = true;
      else this.failed = !this.detail;
    }
  }

  /** Calls one of the ticket's actions; tells when it could not, and shows the ticket as it is after it. */
  async act(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      await this.load();
      if (this.detail) tickets.put(this.detail);
      return true;
    } catch (error) {
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
      return false;
    }
  }

  edit(fields: Partial<Pick<Ticket, 'status' | 'priority' | 'subject' | 'category' | 'tags'>>): Promise<boolean> {
    return this.act(() => api.patch(this.#path, fields));
  }

  post(action: string, body: object): Promise<boolean> {
    return this.act(() => api.post(`${this.#path}/${action}`, body));
  }

  /** Who is told of changes: oneself, or as a manager anybody. */
  follow(on: boolean, who = 'me'): Promise<boolean> {
    return this.act(() => api.call(on ? 'PUT' : 'DELETE', `${this.#path}/followers/${encodeURIComponent(who)}`, on ? { body: {} } : {}));
  }

  async send(kind: 'reply' | 'note'): Promise<boolean> {
    const text = this.drafts[kind].trim();
    if (!text) return false;
    const sent = await (kind === 'reply' ? this.post('reply', { message: text }) : this.post('notes', { body: text }));
    if (sent) this.drafts[kind] = remaining(this.drafts[kind], text);
    return sent;
  }

  get #path(): string {
    return `/tickets/${encodeURIComponent(this.id)}`;
  }

  async #loadHistory(): Promise<readonly TicketChange[]> {
    try {
      return (await api.get<Page<TicketChange>>(`${this.#path}/history`)).items;
    } catch {
      return this.history;
    }
  }

  #refetchSoon(): void {
    clearTimeout(this.#refetch);
    this.#refetch = setTimeout(() => void this.load(), 60);
  }
}
