import type { Page, Problem } from './types.ts';

/** Every failed call. `status` 0 means that no answer came: offline, refused, or cut off. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.status = problem.status;
    this.problem = problem;
  }

  get offline(): boolean {
    return this.status === 0;
  }

  /** The server's message for one field of a refused form, if it named that field. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name)?.message;
  }
}

export interface ApiOptions {
  /** The current access token, or null when nobody is signed in. */
  token: () => string | null;
  /** Gets a new access token after a 401; false when the session is over. */
  renew: () => Promise<boolean>;
  /** Called with the server's clock minus ours, in milliseconds, whenever an answer carries a Date. */
  onClock?: (offsetMs: number) => void;
  fetch?: typeof fetch;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** Login and refresh work without a bearer token and must not try to renew one. */
  anonymous?: boolean;
  /** The call and its cookies arrive even when the page is left meanwhile. */
  outlives?: boolean;
}

export class Api {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call('GET', path, options);
  }

  /** Every item of a list, page after page. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<T> = await this.get(path, { query: { limit: 100, cursor } });
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return items;
  }

  post<T>(path: string, body: unknown = {}, options: CallOptions = {}): Promise<T> {
    return this.call('POST', path, { ...options, body });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call('PUT', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call('PATCH', path, { body });
  }

  delete<T>(path: string): Promise<T> {
    return this.call('DELETE', path, {});
  }

  async call<T>(method: string, path: string, options: CallOptions): Promise<T> {
    let response = await this.#send(method, path, options);
    if (response.status === 401 && !options.anonymous && (await this.#options.renew())) {
      response = await this.#send(method, path, options);
    }
    if (!response.ok) throw new ApiError(await readProblem(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #send(method: string, path: string, { query, body, signal, anonymous, outlives }: CallOptions): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    const token = this.#options.token();
    if (token && !anonymous) headers['Authorization'] = `Bearer ${token}`;
    const init: RequestInit = { method, headers, credentials: 'same-origin' };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(body);
    }
    if (signal) init.signal = signal;
    if (outlives) init.keepalive = true;
    const sentAt = Date.now();
    let response: Response;
    try {
      response = await (this.#options.fetch ?? fetch)(`/api/v1${path}${queryString(query)}`, init);
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiError({ title: 'No connection', status: 0 });
    }
    const date = Date.parse(response.headers.get('Date') ?? '');
    if (Number.isFinite(date)) this.#options.onClock?.(date + 500 - (sentAt + Date.now()) / 2);
    return response;
  }
}

export function queryString(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = { title: response.statusText || `Error ${response.status}`, status: response.status };
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return fallback;
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
