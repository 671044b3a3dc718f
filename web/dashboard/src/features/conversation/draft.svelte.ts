import { ApiError } from '../../../../shared/api/client.ts';
import type { Draft as Stored, DraftKind } from '../../../../shared/api/types.ts';
import { api } from '../session/session.svelte.ts';

const SAVE_MS = 800;

/**
 * An unsent text, kept on the server under a version so that it follows the person to another device.
 * When another device wrote meanwhile, the text being typed here wins; an untouched one gives way.
 * A copy in this tab's session storage survives a reload while the server cannot be reached.
 */
export class Draft {
  body = $state('');
  readonly #path: string;
  readonly #kind: DraftKind;
  readonly #onSaved: (empty: boolean) => void;
  #version = 0;
  #saved = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(conversationId: string, kind: DraftKind, onSaved: (empty: boolean) => void) {
    this.#path = `/conversations/${encodeURIComponent(conversationId)}/draft`;
    this.#kind = kind;
    this.#onSaved = onSaved;
    this.body = sessionStorage.getItem(this.#key) ?? '';
  }

  /** Takes over what the server holds, unless something was typed here since. */
  adopt(stored: Stored | null): void {
    if (!stored || stored.version <= this.#version) return;
    this.#version = stored.version;
    if (this.body === this.#saved) this.body = stored.body;
    this.#saved = stored.body;
  }

  write(body: string): void {
    this.body = body;
    if (body) sessionStorage.setItem(this.#key, body);
    else sessionStorage.removeItem(this.#key);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), SAVE_MS);
  }

  clear(): void {
    this.write('');
    this.flush();
  }

  /** Saves now what is not saved yet; calls run one after the other so that versions stay in step. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#saving = this.#saving.then(() => this.#save()).catch(() => undefined);
  }

  async #save(retry = true): Promise<void> {
    const body = this.body;
    if (body === this.#saved) return;
    try {
      const { version } = await api.put<{ version: number }>(this.#path, { kind: this.#kind, body, version: this.#version });
      this.#version = version;
      this.#saved = body;
      this.#onSaved(body === '');
    } catch (error) {
      const current = error instanceof ApiError && error.status === 409 ? error.problem.current : undefined;
      if (!current || !retry) throw error;
      this.#version = current.version;
      this.#saved = current.body;
      await this.#save(false);
    }
  }

  get #key(): string {
    return `cc-draft:${this.#path}:${this.#kind}`;
  }
}
