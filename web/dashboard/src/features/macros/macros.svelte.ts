import { ApiError } from '../../../../shared/api/client.ts';
import type { Macro, MacroRun } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { open } from '../conversation/open.svelte.ts';
import { inbox } from '../inbox/inbox.svelte.ts';
import { api, session } from '../session/session.svelte.ts';

/** Several steps done to the open chat at once, taken back at once. */
class Macros {
  list = $state.raw<readonly Macro[]>([]);
  /** The dialog to choose one from. */
  choosing = $state(false);

  /** Whoever may hold chats may run them. */
  get allowed(): boolean {
    return session.may('template.read') && session.may('conversation.take');
  }

  async load(): Promise<void> {
    if (!this.allowed) return;
    try {
      this.list = (await api.get<Page<Macro>>('/macros', { query: { limit: 200 } })).items;
    } catch {
      // What is known already stays.
    }
  }

  async run(macro: Macro): Promise<void> {
    const thread = open.thread;
    if (!thread) return;
    const path = `/macros/${encodeURIComponent(macro.macro_id ?? macro.id ?? '')}/run`;
    await this.#attempt(async () => {
      const run = await api.post<MacroRun & { failed?: string | null }>(path, { conversation_id: thread.id });
      if (run.conversation) inbox.put(run.conversation);
      thread.refresh();
      if (run.failed) return toasts.error(run.failed);
      toasts.show(t('macros.done', { name: macro.name }), { label: t('action.undo'), run: () => void this.#undo(run.run_id, macro.name) });
    });
  }

  async #undo(runId: string, name: string): Promise<void> {
    await this.#attempt(async () => {
      const undone = await api.post<{ not_undone?: { why?: string }[]; conversation?: MacroRun['conversation'] }>(`/macro-runs/${encodeURIComponent(runId)}/undo`);
      if (undone?.conversation) inbox.put(undone.conversation);
      open.thread?.refresh();
      const left = undone?.not_undone?.map((step) => step.why).filter(Boolean) ?? [];
      toasts.show(left.length ? t('macros.partly', { why: left.join(' ') }) : t('macros.undone', { name }));
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
    }
  }
}

export const macros = new Macros();
