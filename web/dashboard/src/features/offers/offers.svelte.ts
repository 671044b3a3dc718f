import { ApiError } from '../../../../shared/api/client.ts';
import type { Offer } from '../../../../shared/api/desk.ts';
import { clock } from '../../lib/clock.svelte.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { router } from '../../lib/router.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { alerts } from '../alerts/alerts.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { open, withOffer } from './offers.ts';

/** Chats offered to this person for a short time, before somebody else is asked. */
class Offers {
  list = $state.raw<readonly Offer[]>([]);
  /** How long each was to be answered when it came, in ms: what the countdown is a share of. */
  readonly totals = new Map<string, number>();
  #timer: ReturnType<typeof setInterval> | undefined;
  now = $state(clock.exact());

  constructor() {
    live.listen({
      // An offer made before this page was there has no event that comes again.
      ready: (fresh) => {
        if (fresh) void this.#load();
      },
      events: (events) => {
        for (const event of events) {
          const conversation_id = (event.type === 'offer' || event.type === 'offer.ended') && (event.data.conversation_id ?? event.conversation_id);
          if (!conversation_id) continue;
          if (event.type === 'offer') this.#receive({ ...event.data, conversation_id });
          else this.#drop(conversation_id);
        }
      },
    });
  }

  clear(): void {
    this.list = [];
    this.totals.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async answer(offer: Offer, accept: boolean): Promise<void> {
    this.#drop(offer.conversation_id);
    try {
      await api.post(`/conversations/${encodeURIComponent(offer.conversation_id)}/acceptance`, { accept });
      if (accept) router.go({ name: 'conversation', id: offer.conversation_id });
    } catch (error) {
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
    }
  }

  async #load(): Promise<void> {
    try {
      const { items } = await api.get<{ items: Offer[] }>('/me/offers');
      for (const offer of items) this.#receive(offer);
    } catch {
      // A server without offers, or no connection: those to come arrive as events.
    }
  }

  #receive(offer: Offer): void {
    if (offer.staff_id && offer.staff_id !== session.me?.staff_id) return;
    const known = this.totals.has(offer.conversation_id);
    this.now = clock.exact();
    this.list = open(withOffer(this.list, offer), this.now);
    if (known || !this.list.includes(offer)) return;
    this.totals.set(offer.conversation_id, Date.parse(offer.expires_at) - this.now);
    this.#timer ??= setInterval(() => this.#tick(), 500);
    alerts.announcement = t('offers.announce', { name: offer.user_name ?? offer.conversation_id });
    void alerts.ring(offer.priority === 'emergency' ? 'urgent' : 'waiting');
  }

  #drop(conversation: string): void {
    this.totals.delete(conversation);
    this.list = this.list.filter((one) => one.conversation_id !== conversation);
    this.#rest();
  }

  #tick(): void {
    this.now = clock.exact();
    const still = open(this.list, this.now);
    for (const one of this.list) if (!still.includes(one)) this.totals.delete(one.conversation_id);
    this.list = still;
    this.#rest();
  }

  #rest(): void {
    if (this.list.length) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

export const offers = new Offers();
