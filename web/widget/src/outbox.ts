// Sends what the customer wrote, one at a time and in order. The server stores one message per id, so when an
// answer is lost the same message goes again: by the socket first, by POST when there is none or no ack comes.
import { backoffMs } from '../../shared/live/backoff.ts';
import { ApiError } from './api.ts';
import type { Memory } from './memory.ts';
import type { Message, Outgoing } from './types.ts';

export interface Courier {
  /** Hands the message to the socket; false when there is no open one. */
  bySocket(out: Outgoing): boolean;
  byPost(out: Outgoing): Promise<Message>;
  /** The server has it; called with the stored message when the POST answered. */
  delivered(message: Message): void;
  refused(error: ApiError): void;
  changed(): void;
}

const ACK_MS = 6_000;
/** After this many tries in a row the customer sees "not sent"; a new connection tries again by itself. */
const TRIES = 3;

export class Outbox {
  readonly items: Outgoing[] = [];
  readonly #memory: Memory;
  readonly #courier: Courier;
  #busy = false;
  #stopped = false;
  #acked: ((arrived: boolean) => void) | null = null;

  constructor(memory: Memory, courier: Courier, restored: Outgoing[]) {
    this.#memory = memory;
    this.#courier = courier;
    this.items.push(...restored.map((out): Outgoing => ({ ...out, failed: '' })));
  }

  add(text: string): void {
    const out: Outgoing = { id: randomId(), text, at: new Date().toISOString(), failed: '' };
    this.items.push(out);
    this.#memory.keepUnsent(out);
    this.#courier.changed();
    void this.#pump();
  }

  /** The customer wants this one tried again. */
  retry(id: string): void {
    this.#again((out) => out.id === id);
  }

  /** The server answers again. */
  resume(): void {
    this.#again((out) => out.failed === 'later');
  }

  /** The message is stored: an ack, our echo on the socket, or the answer of a POST said so. */
  confirm(id: string): void {
    const at = this.items.findIndex((out) => out.id === id);
    if (at < 0) return;
    this.items.splice(at, 1);
    this.#memory.dropUnsent(id);
    if (at === 0) this.#acked?.(true);
  }

  /** The connection is gone: no ack will come. */
  disconnected(): void {
    this.#acked?.(false);
  }

  stop(): void {
    this.#stopped = true;
    this.#acked?.(false);
  }

  #again(which: (out: Outgoing) => boolean): void {
    for (const out of this.items) if (which(out)) out.failed = '';
    this.#courier.changed();
    void this.#pump();
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let out: Outgoing | undefined;
    while (!this.#stopped && (out = this.items.find((one) => !one.failed))) await this.#deliver(out);
    this.#busy = false;
  }

  async #deliver(out: Outgoing): Promise<void> {
    for (let attempt = 0; !this.#stopped && this.items.includes(out); attempt++) {
      if (this.#courier.bySocket(out) && (await this.#ack())) return;
      if (this.#stopped || !this.items.includes(out)) return;
      try {
        this.#courier.delivered(await this.#courier.byPost(out));
        return this.confirm(out.id);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!error.passing || attempt + 1 >= TRIES) {
          out.failed = error.passing ? 'later' : 'refused';
          return this.#courier.refused(error);
        }
        const wait = Math.max(error.retryAfter, backoffMs(attempt, Math.random()));
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  #ack(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (arrived: boolean) => {
        clearTimeout(timer);
        this.#acked = null;
        resolve(arrived);
      };
      const timer = setTimeout(done, ACK_MS, false);
      this.#acked = done;
    });
  }
}

/** 128 random bits. Not crypto.randomUUID: that is missing on sites without TLS. */
export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
