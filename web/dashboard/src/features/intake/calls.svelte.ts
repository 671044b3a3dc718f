import { ApiError } from '../../../../shared/api/client.ts';
import type { LiveEvent } from '../../../../shared/live/frames.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api } from '../session/session.svelte.ts';
import { withCall, withLine, type Call, type Line } from './calls.ts';

interface IntakeUpdate {
  type: 'intake.update';
  data: Call;
}

/** The guided calls under way, and one of them closely. Lives as long as its page. */
export class Calls {
  rows = $state.raw<readonly Call[]>([]);
  phase = $state<'loading' | 'ready' | 'failed'>('loading');
  chosen = $state<string | null>(null);
  lines = $state.raw<readonly Line[]>([]);
  busy = $state(false);
  #followed = new Map<string, () => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #unlisten = live.listen({
    ready: (fresh) => {
      if (fresh) void this.load();
    },
    events: (events) => this.#heard(events),
  });

  get call(): Call | null {
    return this.rows.find((one) => one.call_id === this.chosen) ?? null;
  }

  async load(): Promise<void> {
    try {
      this.rows = await api.all<Call>('/intake');
      this.phase = 'ready';
      for (const { conversation_id: id } of this.rows) if (!this.#followed.has(id)) this.#followed.set(id, live.follow(id));
      if (!this.call) this.chosen = null;
    } catch {
      if (this.phase === 'loading') this.phase = 'failed';
    }
  }

  async choose(call: Call | null): Promise<void> {
    this.chosen = call?.call_id ?? null;
    this.lines = [];
    if (!call) return;
    let after: number | null = 0;
    while (after !== null && this.chosen === call.call_id) {
      const page: { items: Line[]; next_after_seq: number | null } = await api.get(`/intake/${call.call_id}/transcript`, { query: { after_seq: after } });
      this.lines = page.items.reduce(withLine, this.lines);
      after = page.next_after_seq;
    }
  }

  /** hold, mute, transfer, end; or takeover, which is the conversation's. */
  async act(call: Call, what: string, body: object = {}): Promise<void> {
    this.busy = true;
    try {
      if (what === 'takeover') await api.post(`/conversations/${call.conversation_id}/takeover`, {});
      else this.rows = withCall(this.rows, await api.post<Call>(`/intake/${call.call_id}/${what}`, body));
      await this.load();
    } catch (error) {
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.save'));
    } finally {
      this.busy = false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#unlisten();
    for (const stop of this.#followed.values()) stop();
    this.#followed.clear();
  }

  #heard(events: LiveEvent[]): void {
    for (const event of events as (LiveEvent | IntakeUpdate)[]) {
      if (event.type === 'intake.update') this.rows = withCall(this.rows, event.data);
      else if (event.type === 'message.new' && event.data.conversation_id === this.call?.conversation_id) {
        const m = event.data;
        this.lines = withLine(this.lines, { sequence: m.seq, speaker: m.role, speaker_name: m.sender ?? '', text: m.message, timestamp: m.at });
      } else if (event.type === 'conversation.new' || event.type === 'conversation.update') {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => void this.load(), 400);
      }
    }
  }
}
