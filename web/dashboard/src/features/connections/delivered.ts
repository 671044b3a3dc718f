import type { OutboxEntry } from '../../../../shared/api/admin.ts';
import { api } from '../session/session.svelte.ts';

/** How long a test message is waited for, and how often is asked. */
const PATIENCE_MS = 15_000;
const STEP_MS = 700;

/** Follows what a test put into the outbox until it arrived or failed; null when neither happened in time. */
export async function delivered(outboxId: string | undefined): Promise<{ ok: boolean; error: string } | null> {
  const end = Date.now() + PATIENCE_MS;
  while (outboxId && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const entry = await api.get<OutboxEntry>(`/outbox/${encodeURIComponent(outboxId)}`);
    if (entry.state === 'sent') return { ok: true, error: '' };
    // A first failure is worth telling at once, though the server will try again.
    if (entry.state !== 'waiting' || entry.attempts > 0) return { ok: false, error: entry.last_error ?? '' };
  }
  return null;
}
