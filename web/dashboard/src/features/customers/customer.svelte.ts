import { ApiError } from '../../../../shared/api/client.ts';
import type { Contact, Duplicate, Lead, MergeResult, Task, TimelineItem } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { customers } from './customers.svelte.ts';
import { inOrder } from './customers.ts';

/** The open customer: who they are, what happened with them, what is to be done, and whether they are here twice. */
export class OpenCustomer {
  readonly id: string;
  detail = $state.raw<Contact | null>(null);
  timeline = $state.raw<readonly TimelineItem[]>([]);
  cursor = $state<string | null>(null);
  tasks = $state.raw<readonly Task[]>([]);
  duplicates = $state.raw<readonly Duplicate[]>([]);
  missing = $state(false);
  failed = $state(false);

  constructor(id: string) {
    this.id = id;
    void this.load();
  }

  async load(): Promise<void> {
    try {
      this.#show(await api.get<Contact>(this.#path));
      this.failed = false;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) this.missing = true;
      else this.failed = !this.detail;
      return;
    }
    await Promise.allSettled([this.loadTimeline(), this.#loadTasks(), this.#loadDuplicates()]);
  }

  async loadTimeline(cursor: string | null = null): Promise<void> {
    const page = await api.get<Page<TimelineItem>>(`${this.#path}/timeline`, { query: { limit: 50, cursor } });
    this.timeline = [...(cursor ? this.timeline : []), ...page.items].sort((a, b) => b.at.localeCompare(a.at));
    this.cursor = page.next_cursor;
  }

  /** Throws what the server objects to: forms show it by field. */
  async edit(fields: object): Promise<void> {
    this.#show(await api.patch<Contact>(this.#path, fields));
  }

  async useVip(vip: boolean): Promise<void> {
    await this.#attempt(() => this.edit({ vip }));
  }

  async makeLead(): Promise<void> {
    await this.#attempt(async () => {
      await api.post<Lead>('/leads', { contact_id: this.id });
      await this.load();
    });
  }

  async editLead(lead: Lead, fields: Partial<Pick<Lead, 'status' | 'priority' | 'score'>>): Promise<void> {
    await this.#attempt(async () => {
      const changed = await api.patch<Lead>(`/leads/${encodeURIComponent(lead.lead_id)}`, fields);
      if (this.detail) this.#show({ ...this.detail, lead: { ...lead, ...changed } });
    });
  }

  async addActivity(type: string, text: string): Promise<boolean> {
    return this.#attempt(async () => {
      await api.post('/activities', { contact_id: this.id, type, text });
      await this.loadTimeline();
    });
  }

  async addTask(title: string, dueAt: string | null): Promise<boolean> {
    return this.#attempt(async () => {
      await api.post<Task>('/tasks', { contact_id: this.id, title, ...(dueAt && { due_at: dueAt }) });
      await this.#loadTasks();
    });
  }

  async finish(task: Task, done: boolean): Promise<void> {
    await this.#attempt(async () => {
      await api.patch<Task>(`/tasks/${encodeURIComponent(task.task_id)}`, { done });
      await this.#loadTasks();
    });
  }

  previewMerge(other: string): Promise<MergeResult> {
    return api.post<MergeResult>(`${this.#path}/merge`, { other_id: other, preview: true });
  }

  async merge(other: string): Promise<MergeResult> {
    const result = await api.post<MergeResult>(`${this.#path}/merge`, { other_id: other, preview: false });
    await Promise.all([this.load(), customers.load()]);
    return result;
  }

  async undoMerge(mergeId: string): Promise<void> {
    await this.#attempt(async () => {
      await api.post(`/contact-merges/${encodeURIComponent(mergeId)}/undo`);
      await Promise.all([this.load(), customers.load()]);
      toasts.show(t('merge.undone'));
    });
  }

  get #path(): string {
    return `/contacts/${encodeURIComponent(this.id)}`;
  }

  #show(contact: Contact): void {
    this.detail = contact;
    customers.put(contact);
  }

  async #loadTasks(): Promise<void> {
    const page = await api.get<Page<Task>>('/tasks', { query: { contact: this.id, limit: 100 } });
    this.tasks = inOrder(page.items.filter((task) => !task.contact || task.contact.contact_id === this.id));
  }

  async #loadDuplicates(): Promise<void> {
    if (!session.may('contact.write')) return;
    this.duplicates = (await api.get<{ items: Duplicate[] }>(`${this.#path}/duplicates`)).items;
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
      return false;
    }
  }
}
