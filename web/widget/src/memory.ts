// What survives a reload. Storage may be missing or full (private windows, blocked third parties): then the
// widget works on for this page and forgets.
import type { Outgoing } from './types.ts';

export interface Saved {
  id: string;
  token: string;
  /** The last seq the customer has seen. */
  read: number;
  name: string;
  email: string;
}

export class Memory {
  private readonly key: string;

  constructor(base: string) {
    this.key = 'chat-centre:' + base;
  }

  load(): Saved | null {
    const saved = read<Saved>(this.key);
    return saved && typeof saved.id === 'string' && typeof saved.token === 'string' ? saved : null;
  }

  save(saved: Saved): void {
    write(this.key, saved);
  }

  clear(): void {
    write(this.key, null);
    write(this.key + ':out', null);
    write(this.key + ':draft', null);
  }

  draft(): string {
    return read<string>(this.key + ':draft') ?? '';
  }

  saveDraft(text: string): void {
    write(this.key + ':draft', text || null);
  }

  outbox(): Outgoing[] {
    return Object.values(read<Record<string, Outgoing>>(this.key + ':out') ?? {});
  }

  /** Read, change, write: another tab keeps its own unsent messages under the same key. */
  keepUnsent(out: Outgoing): void {
    write(this.key + ':out', { ...read<Record<string, Outgoing>>(this.key + ':out'), [out.id]: out });
  }

  dropUnsent(id: string): void {
    const all = read<Record<string, Outgoing>>(this.key + ':out') ?? {};
    if (!(id in all)) return;
    delete all[id];
    write(this.key + ':out', Object.keys(all).length ? all : null);
  }

  /** Calls back when another tab starts, ends or reads the conversation. */
  watch(changed: () => void): void {
    addEventListener('storage', (event) => {
      if (event.key === this.key || event.key === null) changed();
    });
  }

  /** Whether the panel was open, for this tab only. */
  wasOpen(): boolean {
    try {
      return sessionStorage.getItem(this.key) === 'open';
    } catch {
      return false;
    }
  }

  setOpen(open: boolean): void {
    try {
      sessionStorage.setItem(this.key, open ? 'open' : '');
    } catch {
      // Not remembered, then.
    }
  }
}

const fallback = new Map<string, string>();

function read<T>(key: string): T | null {
  let text: string | null = fallback.get(key) ?? null;
  try {
    text = localStorage.getItem(key) ?? text;
  } catch {
    // The copy in memory it is.
  }
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    fallback.delete(key);
  } catch {
    if (value === null) fallback.delete(key);
    else fallback.set(key, JSON.stringify(value));
  }
}
