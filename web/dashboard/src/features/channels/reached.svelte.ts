import type { ChannelDelivery } from '../../../../shared/api/admin.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { live } from '../live/live.svelte.ts';
import { api } from '../session/session.svelte.ts';

type State = ChannelDelivery['state'];

/** What became of the replies of the open conversation, where its channel posts them to an address. */
class Reached {
  #conversation = '';
  #states = $state.raw<ReadonlyMap<number, State>>(new Map());

  of(conversation: string, seq: number): State | undefined {
    return conversation === this.#conversation ? this.#states.get(seq) : undefined;
  }

  /** Until the returned function is called. */
  follow(conversation: string): () => void {
    this.#conversation = conversation;
    this.#states = new Map();
    const load = () => void this.#load(conversation);
    load();
    return live.listen({
      ready: (fresh) => {
        if (fresh) load();
      },
      events: (events) => {
        for (const event of events)
          if (event.type === 'message.delivery' && event.data.conversation_id === conversation)
            this.#states = new Map(this.#states).set(event.data.seq, event.data.state);
      },
    });
  }

  async #load(conversation: string): Promise<void> {
    const path = `/conversations/${encodeURIComponent(conversation)}/deliveries`;
    const page = await api.get<Page<{ seq: number; state: State }>>(path).catch(() => null);
    // What was told meanwhile is newer.
    if (page && conversation === this.#conversation) this.#states = new Map([...page.items.map(({ seq, state }) => [seq, state] as const), ...this.#states]);
  }
}

export const reached = new Reached();
