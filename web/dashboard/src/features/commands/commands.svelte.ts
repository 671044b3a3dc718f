import { ApiError } from '../../../../shared/api/client.ts';
import type { Conversation, Priority } from '../../../../shared/api/types.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { router } from '../../lib/router.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { open } from '../conversation/open.svelte.ts';
import { inbox } from '../inbox/inbox.svelte.ts';
import { api, session } from '../session/session.svelte.ts';

/** What buttons, keys and the palette have in common: each acts, and tells when it could not. */
class Commands {
  palette = $state(false);
  help = $state(false);
  /** The name of the key that goes with K. */
  readonly modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl';

  async takeOver(): Promise<void> {
    const thread = open.thread;
    if (!thread) return;
    const force = session.supervises && thread.detail?.status === 'active';
    // Before the answer comes: what is typed from now on is meant for the customer, not for the note.
    thread.mode = 'reply';
    if (await attempt(() => thread.takeOver(force))) open.write('reply');
  }

  /** Takes a waiting conversation straight from the list and opens it. */
  async pickUp(id: string): Promise<void> {
    router.go({ name: 'conversation', id });
    const taken = await attempt(async () => {
      inbox.put(await api.post<Conversation>(`/conversations/${encodeURIComponent(id)}/takeover`));
    });
    if (taken && open.thread?.id === id) open.write('reply');
  }

  resolve(id: string): void {
    router.go({ name: 'conversation', id });
    // The pane opens in the next effect; its dialog after it.
    queueMicrotask(() => setTimeout(() => (open.dialog = 'resolve')));
  }

  async handBack(): Promise<void> {
    await attempt(() => open.thread?.handBack());
  }

  /** The assistant's turn: off is a takeover, on a hand back. */
  async switchBot(on: boolean): Promise<void> {
    await (on ? this.handBack() : this.takeOver());
  }

  async hold(on: boolean): Promise<void> {
    await attempt(() => open.thread?.hold(on));
  }

  async setPriority(priority: Priority): Promise<void> {
    await attempt(() => open.thread?.edit({ priority }));
  }

  async reopen(id = open.thread?.id): Promise<void> {
    if (!id) return;
    const thread = open.thread;
    await attempt(async () => {
      if (thread?.id === id) await thread.reopen();
      else inbox.put(await api.post<Conversation>(`/conversations/${encodeURIComponent(id)}/reopening`));
    });
  }

  async copyId(): Promise<void> {
    if (!open.thread) return;
    await navigator.clipboard.writeText(open.thread.id).catch(() => undefined);
    toasts.show(t('action.copied'));
  }
}

async function attempt(work: () => Promise<void> | undefined): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
    return false;
  }
}

export const commands = new Commands();
