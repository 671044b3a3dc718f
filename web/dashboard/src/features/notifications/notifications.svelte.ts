import type { Notification as Notice, NotificationPage } from '../../../../shared/api/desk.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { router } from '../../lib/router.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { alerts } from '../alerts/alerts.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { markedRead, target, unknown, withNotification } from './notifications.ts';

/** What this person is to know: the list behind the bell, kept current by events. */
class Notifications {
  items = $state.raw<readonly Notice[]>([]);
  unread = $state(0);
  cursor = $state<string | null>(null);
  phase = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  shown = $state(false);
  only = $state<'all' | 'unread'>('all');
  #asked = 0;
  /** What came while an answer is on its way, which may have been made before it; null when none is. */
  #meanwhile: Notice[] | null = null;

  constructor() {
    live.listen({
      ready: (fresh) => {
        if (fresh && session.may('notification.own')) void this.load();
      },
      events: (events) => {
        for (const event of events) {
          if (event.type === 'notification') this.#receive(event.data);
          else if (event.type === 'notification.read') this.#counted(event.data.unread);
        }
      },
    });
  }

  clear(): void {
    this.#asked++;
    this.items = [];
    this.unread = 0;
    this.phase = 'idle';
    this.shown = false;
  }

  show(only: 'all' | 'unread'): void {
    this.only = only;
    void this.load();
  }

  async load(cursor: string | null = null): Promise<void> {
    const mine = ++this.#asked;
    this.#meanwhile = [];
    if (this.phase !== 'ready') this.phase = 'loading';
    try {
      const query = { unread: this.only === 'unread' || null, limit: 50, cursor };
      const page = await api.get<NotificationPage>('/notifications', { query });
      if (mine !== this.#asked) return;
      const later = cursor ? [] : unknown(page.items, this.#meanwhile ?? []);
      this.items = [...(cursor ? this.items : later), ...page.items];
      this.cursor = page.next_cursor;
      if (!cursor) this.unread = page.unread === undefined ? this.items.filter((one) => !one.read_at).length : page.unread + later.length;
      this.phase = 'ready';
    } catch {
      if (mine === this.#asked) this.phase = 'failed';
    } finally {
      if (mine === this.#asked) this.#meanwhile = null;
    }
  }

  /** Marks some as read, or all; shown at once, and again as the server has it when that failed. */
  async read(ids: string[] | null): Promise<void> {
    const newest = this.items[0];
    if (!newest) return;
    const before = this.items.filter((one) => !one.read_at).length;
    this.items = markedRead(this.items, ids, new Date().toISOString());
    const left = this.items.filter((one) => !one.read_at).length;
    this.unread = ids ? Math.max(0, this.unread - (before - left)) : 0;
    try {
      await api.put('/notifications/read', ids ? { ids } : { up_to: newest.notification_id });
    } catch {
      toasts.error(t('error.save'));
      await this.load();
    }
  }

  async acknowledge(one: Notice): Promise<void> {
    try {
      await api.post(`/notifications/${encodeURIComponent(one.notification_id)}/acknowledgement`);
      const at = new Date().toISOString();
      if (!one.read_at) this.unread = Math.max(0, this.unread - 1);
      this.items = withNotification(this.items, { ...one, acknowledged_at: at, read_at: one.read_at ?? at });
    } catch {
      toasts.error(t('error.save'));
    }
  }

  #receive(data: Notice & { unread?: number; browser?: boolean; in_app?: boolean }): void {
    const { unread, browser, in_app: kept, ...one } = data;
    const known = this.items.some((other) => other.notification_id === one.notification_id);
    if (kept !== false) {
      this.#meanwhile?.unshift(one);
      this.items = withNotification(this.items, one);
      this.unread = unread ?? this.unread + (known ? 0 : 1);
    }
    if (known) return;
    alerts.announcement = one.title;
    if (one.level !== 'info') {
      const about = target(one);
      toasts.show(one.title, about ? { label: t('action.open'), run: () => this.follow(one) } : undefined);
      void alerts.ring('waiting');
    }
    if (browser !== false && alerts.desktop && document.hidden) this.#tell(one);
  }

  /** Goes to what it is about; that is reading it. */
  follow(one: Notice): void {
    const route = target(one);
    this.shown = false;
    if (!one.read_at) void this.read([one.notification_id]);
    if (route) router.go(route);
  }

  #counted(unread: number | undefined): void {
    if (unread === undefined || unread === this.unread) return;
    // Read on another screen: the list there is newer than this one.
    void this.load();
  }

  #tell(one: Notice): void {
    const shown = new Notification(one.title, {
      body: one.body,
      // One chat, one notification: the alert of the same chat gives way to this.
      tag: one.conversation_id ?? one.notification_id,
      icon: '/admin/icon.svg',
      requireInteraction: one.level === 'urgent',
    });
    shown.onclick = () => {
      window.focus();
      this.follow(one);
      shown.close();
    };
  }
}

export const notifications = new Notifications();
