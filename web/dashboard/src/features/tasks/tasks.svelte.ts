import { ApiError } from '../../../../shared/api/client.ts';
import type { Task } from '../../../../shared/api/desk.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { Paged } from '../../lib/paged.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api } from '../session/session.svelte.ts';

/** Which tasks are shown: one's own, those that wait for anybody, all that one may see, or what is done. */
export const taskViews = ['mine', 'free', 'all', 'done'] as const;
export type TaskView = (typeof taskViews)[number];

const queries = {
  mine: { owner: 'me', open: true },
  free: { owner: 'none', open: true },
  all: { open: true },
  done: { owner: 'me', open: false },
} as const;

class Tasks extends Paged<Task> {
  view = $state<TaskView>('mine');

  constructor() {
    super('/tasks', () => queries[this.view]);
    live.listen({
      ready: (fresh) => {
        if (fresh && this.phase !== 'idle') this.soon();
      },
      events: (events) => {
        if (this.phase !== 'idle' && events.some(({ type }) => type === 'task.update')) this.soon(1000);
      },
    });
  }

  show(view: TaskView): void {
    this.view = view;
    this.rows = [];
    this.phase = 'loading';
    void this.load();
  }

  async add(title: string, dueAt: string | null, owner: string): Promise<boolean> {
    return this.#attempt(async () => {
      await api.post<Task>('/tasks', { title, owner, ...(dueAt && { due_at: dueAt }) });
      await this.load();
    });
  }

  /** Done or open again; a moment is left to take a slip of the hand back. */
  async finish(task: Task, done: boolean, undoing = false): Promise<void> {
    const saved = await this.#attempt(async () => {
      await api.patch<Task>(`/tasks/${encodeURIComponent(task.task_id)}`, { done });
      await this.load();
    });
    if (!saved || undoing) return;
    const said = done ? t('tasks.finished', { title: task.title }) : t('tasks.reopened', { title: task.title });
    toasts.show(said, { label: t('action.undo'), run: () => void this.finish(task, !done, true) });
  }

  async take(task: Task): Promise<void> {
    await this.#attempt(async () => {
      await api.patch<Task>(`/tasks/${encodeURIComponent(task.task_id)}`, { owner: 'me' });
      await this.load();
    });
  }

  override clear(): void {
    super.clear();
    this.view = 'mine';
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      // What was ticked off and is not must not stay ticked.
      this.rows = [...this.rows];
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
      return false;
    }
  }
}

export const tasks = new Tasks();
