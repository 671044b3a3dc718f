import type { Alert, LiveEvent } from '../../../../shared/live/frames.ts';
import { i18n, t } from '../../lib/i18n.svelte.ts';
import { router } from '../../lib/router.svelte.ts';
import { recall, remember } from '../../lib/storage.ts';
import { userName } from '../inbox/labels.ts';
import { inbox } from '../inbox/inbox.svelte.ts';
import { live } from '../live/live.svelte.ts';
import { session } from '../session/session.svelte.ts';
import { play } from './sound.ts';

/** An urgent alert sounds again this often until someone opens or dismisses it. */
const REPEAT_MS = 12_000;

class Alerts {
  /** Urgent chats nobody has looked at here yet, newest last. */
  urgent = $state.raw<readonly Alert[]>([]);
  /** The browser refused to play: a banner offers the click that it wants. */
  blocked = $state(false);
  sound = $state(recall('cc-sound') !== 'off');
  volume = $state(Number(recall('cc-volume') ?? '0.3'));
  /** A notification of the system while this page is in the background. */
  desktop = $state(recall('cc-desktop') === 'on' && permission() === 'granted');
  /** Asked for, and refused by the browser or its user. */
  desktopDenied = $state(false);
  /** Read out by screen readers. */
  announcement = $state('');
  #repeat: ReturnType<typeof setInterval> | undefined;

  constructor() {
    live.listen({ events: (events) => this.#receive(events) });
  }

  useSound(on: boolean): void {
    this.sound = on;
    remember('cc-sound', on ? null : 'off');
    if (!on) this.blocked = false;
  }

  useVolume(volume: number): void {
    this.volume = volume;
    remember('cc-volume', String(volume));
  }

  async useDesktop(on: boolean): Promise<void> {
    const granted = on && permission() !== 'unsupported' && (await Notification.requestPermission()) === 'granted';
    this.desktop = granted;
    this.desktopDenied = on && !granted;
    remember('cc-desktop', granted ? 'on' : null);
  }

  async ring(level: Alert['level']): Promise<void> {
    if (!this.sound) return;
    this.blocked = !(await play(level, this.volume));
  }

  dismiss(conversationId: string): void {
    if (!this.urgent.some((alert) => alert.conversation_id === conversationId)) return;
    this.urgent = this.urgent.filter((alert) => alert.conversation_id !== conversationId);
    if (!this.urgent.length) clearInterval(this.#repeat);
  }

  clear(): void {
    this.urgent = [];
    clearInterval(this.#repeat);
  }

  #receive(events: LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'alert') this.#raise(event.data);
      // Someone else has taken it, or it is over: nothing left to be alarmed about.
      if (event.type === 'conversation.update' && (!('status' in event.data) || event.data.status !== 'pending')) {
        this.dismiss(event.data.conversation_id);
      }
    }
  }

  #raise(alert: Alert): void {
    const row = inbox.state.rows.get(alert.conversation_id);
    if (row?.assigned_staff && row.assigned_staff.staff_id !== session.me?.staff_id) return;
    const text = announce(alert);
    this.announcement = text;
    if (alert.level === 'urgent') {
      this.urgent = [...this.urgent.filter((other) => other.conversation_id !== alert.conversation_id), alert];
      clearInterval(this.#repeat);
      this.#repeat = setInterval(() => void this.ring('urgent'), REPEAT_MS);
    }
    void this.ring(alert.level);
    if (this.desktop && document.hidden) this.#notify(alert, text);
  }

  #notify(alert: Alert, text: string): void {
    const notification = new Notification(t('app.name'), {
      body: text,
      tag: alert.conversation_id,
      icon: '/admin/icon.svg',
      requireInteraction: alert.level === 'urgent',
    });
    notification.onclick = () => {
      window.focus();
      router.go({ name: 'conversation', id: alert.conversation_id });
      notification.close();
    };
  }
}

/** In the reader's language where the row is known; else as the server says it. */
export function announce(alert: Alert): string {
  const row = inbox.state.rows.get(alert.conversation_id);
  if (!row) return i18n.either(alert.text, alert.text_ar) ?? '';
  const name = userName(row);
  if (inbox.mine(row)) return t('alerts.announceGiven', { name });
  return t(alert.level === 'urgent' ? 'alerts.announceUrgent' : 'alerts.announceWaiting', { name });
}

function permission(): NotificationPermission | 'unsupported' {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

export const alerts = new Alerts();
