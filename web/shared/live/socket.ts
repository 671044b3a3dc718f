import { backoffMs } from './backoff.ts';
import type { ClientFrame, LiveEvent, ServerFrame } from './frames.ts';

export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** Waiting for the next try; `retryAt` is a time in the units of `now()`. */
  | { kind: 'waiting'; retryAt: number }
  | { kind: 'stopped' };

export interface LiveHandlers {
  /** Topics are subscribed and the stream is live; `fresh` asks the owner to fetch its snapshot. */
  onReady: (fresh: boolean) => void;
  onEvents: (events: LiveEvent[]) => void;
  onState: (state: LinkState) => void;
  onError?: (error: { code: string; message: string }) => void;
  /** Every frame as it arrives, before the handlers above: for acks and heartbeats. */
  onFrame?: (frame: ServerFrame) => void;
  /**
   * A valid access token; null ends the attempts (the session is over). `doubtful`: the last one was refused,
   * or may have been: a browser does not tell a refused upgrade from a broken line.
   */
  token: (doubtful: boolean) => Promise<string | null>;
}

export interface LiveOptions extends LiveHandlers {
  url: () => string;
  WebSocket?: typeof WebSocket;
  now?: () => number;
  random?: () => number;
}

const UNAUTHORISED = 4401;
const OPEN = 1;

/**
 * One socket that stays subscribed to a set of topics across reconnects.
 *
 * It resumes with `since`, so a break loses no event; when the server answers `resync`, or on the very
 * first connection, it reports `fresh` and the owner loads a snapshot. A heartbeat's head says that
 * everything up to there was sent before it, so a resume need not look further back: who sees little of a busy
 * log does not read all of it again after a break. Not safe to share between topics owners: one instance per page.
 */
export class LiveSocket {
  readonly #options: LiveOptions;
  readonly #topics = new Set<string>();
  #socket: WebSocket | null = null;
  #attempt = 0;
  #seen: number | null = null;
  /** False from asking to subscribe until the server has sent what was missed. */
  #caughtUp = false;
  #running = false;
  #greeted = true;
  #doubtful = false;
  #fresh = true;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #heartbeatMs = 15_000;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#attempt = 0;
    void this.#connect();
  }

  /** Ends the connection for good and forgets the position in the event log. */
  stop(): void {
    this.#running = false;
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#seen = null;
    this.#fresh = true;
    this.#topics.clear();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    this.#options.onState({ kind: 'stopped' });
  }

  /** Tries at once, for instance when the browser says that the network is back. */
  hurry(): void {
    if (!this.#running || this.#socket) return;
    clearTimeout(this.#retry);
    void this.#connect();
  }

  subscribe(...topics: string[]): void {
    const added = topics.filter((topic) => !this.#topics.has(topic));
    for (const topic of added) this.#topics.add(topic);
    // Before the greeting there is nothing to add to: the first subscription names every topic.
    if (added.length && this.#greeted) this.send({ type: 'subscribe', topics: added });
  }

  unsubscribe(...topics: string[]): void {
    const removed = topics.filter((topic) => this.#topics.delete(topic));
    if (removed.length) this.send({ type: 'unsubscribe', topics: removed });
  }

  /** False when there is no open connection; the frame is then dropped. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #connect(): Promise<void> {
    this.#caughtUp = false;
    this.#options.onState({ kind: 'connecting' });
    let token: string | null;
    try {
      token = await this.#options.token(this.#doubtful);
    } catch {
      return this.#wait();
    }
    if (!this.#running || this.#socket) return;
    if (token === null) return this.stop();
    this.#greeted = false;
    const Socket = this.#options.WebSocket ?? WebSocket;
    const socket = new Socket(this.#options.url(), ['chat-centre.v1', `bearer.${token}`]);
    this.#socket = socket;
    this.#watch();
    socket.onmessage = (message) => {
      if (socket === this.#socket) this.#receive(JSON.parse(String(message.data)) as ServerFrame);
    };
    socket.onclose = (close) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.#doubtful = close.code === UNAUTHORISED || !this.#greeted;
      this.#wait();
    };
  }

  #wait(): void {
    clearTimeout(this.#watchdog);
    if (!this.#running) return;
    const delay = backoffMs(this.#attempt++, (this.#options.random ?? Math.random)());
    this.#options.onState({ kind: 'waiting', retryAt: (this.#options.now ?? Date.now)() + delay });
    this.#retry = setTimeout(() => void this.#connect(), delay);
  }

  /** A network that dies without a word closes nothing: three silent heartbeats count as a break. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#drop(), this.#heartbeatMs * 3);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(4000);
    this.#wait();
  }

  #receive(frame: ServerFrame): void {
    this.#watch();
    this.#options.onFrame?.(frame);
    switch (frame.type) {
      case 'hello':
        this.#greeted = true;
        if (frame.heartbeat_seconds) this.#heartbeatMs = frame.heartbeat_seconds * 1000;
        this.#resume();
        break;
      case 'subscribed':
        this.#caughtUp = true;
        this.#saw(frame.head);
        this.#attempt = 0;
        this.#options.onState({ kind: 'open' });
        this.#options.onReady(this.#fresh);
        this.#fresh = false;
        break;
      case 'events':
        for (const event of frame.events) this.#saw(event.id);
        this.#options.onEvents(frame.events);
        break;
      case 'resync':
        // Nothing is subscribed yet: the snapshot is fetched once this has been answered.
        this.#seen = frame.head;
        this.#fresh = true;
        this.#resume();
        break;
      case 'heartbeat':
        if (this.#caughtUp) this.#saw(frame.head);
        break;
      case 'error':
        this.#options.onError?.(frame);
        break;
    }
  }

  #resume(): void {
    this.#caughtUp = false;
    const topics = [...this.#topics];
    this.send(this.#seen === null ? { type: 'subscribe', topics } : { type: 'subscribe', topics, since: this.#seen });
  }

  #saw(id: number): void {
    if (this.#seen === null || id > this.#seen) this.#seen = id;
  }
}
