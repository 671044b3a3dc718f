import { Api, ApiError } from '../../../../shared/api/client.ts';
import type { Me, Session as Tokens } from '../../../../shared/api/types.ts';
import { clock } from '../../lib/clock.svelte.ts';

/** Renew this long before the token ends, so that no call is made with one that is about to. */
const EARLY_MS = 60_000;

/** Who is signed in. The access token lives only here, in memory; the refresh token is a cookie we cannot read. */
class Session {
  phase = $state<'starting' | 'out' | 'in'>('starting');
  me = $state.raw<Me | null>(null);
  /** The session ended by itself: the login page says so. */
  expired = $state(false);
  /** The server could not be asked whether there is a session. */
  unreachable = $state(false);

  #token: string | null = null;
  #endsAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<boolean> | null = null;
  readonly #renewed = new Set<(token: string) => void>();

  readonly api = new Api({
    token: () => this.#token,
    renew: () => this.renew(),
    onClock: (offset) => clock.sync(offset),
  });

  /** Whether the server gave this person the right, by its name there: "desk.write". */
  may(permission: string): boolean {
    return this.me?.permissions?.includes(permission) ?? false;
  }

  get supervises(): boolean {
    return this.me?.role === 'manager' || this.me?.role === 'admin';
  }

  /** Engineers comment; they do not speak with customers. */
  get replies(): boolean {
    return this.me?.role !== 'engineer';
  }

  get administers(): boolean {
    return this.me?.role === 'admin';
  }

  async start(): Promise<void> {
    try {
      this.unreachable = false;
      if (await this.renew()) await this.#enter();
      else this.phase = 'out';
    } catch {
      this.unreachable = true;
      this.phase = 'out';
    }
    this.expired = false;
  }

  async login(email: string, password: string): Promise<void> {
    this.#keep(await this.api.post<Tokens>('/auth/login', { email, password }, { anonymous: true }));
    await this.#enter();
  }

  async logout(): Promise<void> {
    await this.api.post('/auth/logout').catch(() => undefined);
    this.#leave(false);
  }

  async reload(): Promise<void> {
    this.me = await this.api.get<Me>('/me');
  }

  /** A token good for at least the next moments; null when the session is over. Throws when no answer came. */
  async token(doubtful: boolean): Promise<string | null> {
    if (Date.now() > this.#endsAt - 5_000) await this.renew();
    else if (doubtful) await this.#confirm();
    return this.#token;
  }

  onRenewed(listener: (token: string) => void): void {
    this.#renewed.add(listener);
  }

  /**
   * Trades the refresh cookie for a new access token. The cookie is shared by all tabs and may be used
   * once, so tabs take turns; calls within one tab share one request. Throws when no answer came.
   */
  renew(): Promise<boolean> {
    this.#renewing ??= exclusively('cc-refresh', () => this.#refresh()).finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  /** Asks the server whether the token still holds; a refused one is renewed on the way, or the session ends. */
  async #confirm(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
  }

  async #refresh(): Promise<boolean> {
    try {
      // Left half-way, as by reloading twice, the old cookie would be used a second time, which ends the sign-in.
      this.#keep(await this.api.post<Tokens>('/auth/refresh', {}, { anonymous: true, outlives: true }));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.offline || error.status >= 500 || error.status === 429) throw error;
      this.#leave(this.phase === 'in');
      return false;
    }
  }

  #keep(tokens: Tokens): void {
    this.#token = tokens.access_token;
    this.#endsAt = Date.now() + tokens.expires_in * 1000;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.renew().catch(() => undefined), Math.max(5_000, tokens.expires_in * 1000 - EARLY_MS));
    for (const listener of this.#renewed) listener(tokens.access_token);
  }

  async #enter(): Promise<void> {
    await this.reload();
    this.expired = false;
    this.phase = 'in';
  }

  #leave(expired: boolean): void {
    clearTimeout(this.#timer);
    this.#token = null;
    this.me = null;
    this.expired = expired;
    this.phase = 'out';
  }
}

function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(name, work) as Promise<T> : work();
}

export const session = new Session();
export const api = session.api;
