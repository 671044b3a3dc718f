// What a page has to report, kept until the server has it: across reloads, and while there is no network. One at a time
// and in order; each under an id of its own, so that one that was sent twice is stored once.

export interface Report {
  id: string;
  body: Record<string, unknown>;
}

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** sent: the server has it; refused: it will never take it; later: try again. */
export type Outcome = 'sent' | 'refused' | 'later';

const MOST_KEPT = 200;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export class ReportQueue {
  readonly #store: Store;
  readonly #key: string;
  readonly #send: (report: Report) => Promise<Outcome>;
  readonly #wait: (ms: number) => Promise<void>;
  #reports: Report[];
  #busy = false;

  constructor(store: Store, key: string, send: (report: Report) => Promise<Outcome>, wait: (ms: number) => Promise<void>) {
    this.#store = store;
    this.#key = key;
    this.#send = send;
    this.#wait = wait;
    this.#reports = read(store, key);
  }

  get size(): number {
    return this.#reports.length;
  }

  add(report: Report): void {
    this.#reports.push(report);
    // A page that is offline for hours gives up what is oldest: the transcript after the call has it.
    if (this.#reports.length > MOST_KEPT) this.#reports.shift();
    this.#keep();
    void this.pump();
  }

  async pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    let failures = 0;
    try {
      for (let next = this.#reports[0]; next !== undefined; next = this.#reports[0]) {
        const outcome = await this.#send(next).catch((): Outcome => 'later');
        if (outcome === 'later') {
          await this.#wait(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10)));
          failures += 1;
          continue;
        }
        failures = 0;
        this.#reports = this.#reports.filter((report) => report !== next);
        this.#keep();
      }
    } finally {
      this.#busy = false;
    }
  }

  #keep(): void {
    try {
      this.#store.setItem(this.#key, JSON.stringify(this.#reports));
    } catch {
      // Full or forbidden: it is still sent while the page lives.
    }
  }
}

function read(store: Store, key: string): Report[] {
  try {
    const kept: unknown = JSON.parse(store.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isReport) : [];
  } catch {
    return [];
  }
}

function isReport(value: unknown): value is Report {
  if (typeof value !== 'object' || value === null) return false;
  const { id, body } = value as { id?: unknown; body?: unknown };
  return typeof id === 'string' && typeof body === 'object' && body !== null;
}
