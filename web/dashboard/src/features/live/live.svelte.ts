import type { ClientFrame, LiveEvent } from '../../../../shared/live/frames.ts';
import { LiveSocket, type LinkState } from '../../../../shared/live/socket.ts';
import { session } from '../session/session.svelte.ts';

export interface LiveListener {
  /** The stream is live; `fresh` means that events may have been missed and a snapshot is needed. */
  ready?: (fresh: boolean) => void;
  events?: (events: LiveEvent[]) => void;
}

/** The page's one live connection, as reactive state and a list of listeners. */
class Live {
  link = $state.raw<LinkState>({ kind: 'stopped' });
  /** Since when there has been no live connection; null while there is one. */
  downSince = $state<number | null>(null);
  readonly #listeners = new Set<LiveListener>();
  readonly #socket = new LiveSocket({
    url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`,
    token: (doubtful) => session.token(doubtful),
    onState: (state) => this.#moved(state),
    onReady: (fresh) => this.#listeners.forEach((listener) => listener.ready?.(fresh)),
    onEvents: (events) => this.#listeners.forEach((listener) => listener.events?.(events)),
  });

  constructor() {
    session.onRenewed((token) => this.#socket.send({ type: 'auth', token }));
    addEventListener('online', () => this.#socket.hurry());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#socket.hurry();
    });
  }

  get open(): boolean {
    return this.link.kind === 'open';
  }

  start(): void {
    this.#socket.subscribe('queue', 'mine', 'staff');
    if (session.may('ticket.read')) this.#socket.subscribe('tickets');
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
  }

  retryNow(): void {
    this.#socket.hurry();
  }

  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Follows one conversation closely until the returned function is called. */
  follow(conversationId: string): () => void {
    const topic = `conversation:${conversationId}`;
    this.#socket.subscribe(topic);
    return () => this.#socket.unsubscribe(topic);
  }

  send(frame: ClientFrame): void {
    this.#socket.send(frame);
  }

  #moved(state: LinkState): void {
    this.link = state;
    if (state.kind === 'open' || state.kind === 'stopped') this.downSince = null;
    else this.downSince ??= Date.now();
  }
}

export const live = new Live();
