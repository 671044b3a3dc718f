// The public HTTP calls. No cookies: the conversation's token goes in the header, so any site may embed us.
import type { Conversation, Message, Started } from './types.ts';

export class ApiError extends Error {
  /** 0 when there was no answer at all. */
  readonly status: number;
  /** Milliseconds the server asks us to wait; 0 when it does not say. */
  readonly retryAfter: number;

  constructor(status: number, retryAfter = 0) {
    super('HTTP ' + status);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Trying the same again later may work. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** The token no longer opens this conversation. */
  get gone(): boolean {
    return this.status === 401 || this.status === 403 || this.status === 404;
  }
}

const TIMEOUT_MS = 15_000;

export class Api {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base + 'api/v1/conversations/';
  }

  start(body: Record<string, string>): Promise<Started> {
    return this.#call('POST', 'start', '', body);
  }

  conversation(id: string, token: string): Promise<Conversation> {
    return this.#call('GET', id, token);
  }

  async messages(id: string, token: string, query: string): Promise<Message[]> {
    return (await this.#call<{ items: Message[] }>('GET', `${id}/messages?${query}`, token)).items;
  }

  send(id: string, token: string, message: string, clientId: string): Promise<Message> {
    return this.#call('POST', id + '/messages?wait=0', token, { message, client_message_id: clientId });
  }

  handover(id: string, token: string): Promise<Partial<Conversation>> {
    return this.#call('POST', id + '/handover', token, {});
  }

  rate(id: string, token: string, score: number, comment: string): Promise<unknown> {
    return this.#call('POST', id + '/rating', token, comment ? { score, comment } : { score });
  }

  async #call<T>(method: string, path: string, token: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = {};
    if (token) headers['authorization'] = 'Bearer ' + token;
    if (body) headers['content-type'] = 'application/json';
    let answer: Response;
    try {
      answer = await fetch(this.#base + path, {
        method,
        headers,
        credentials: 'omit',
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      // The body may break off too.
      if (answer.ok) return await answer.json();
    } catch {
      throw new ApiError(0);
    }
    throw new ApiError(answer.status, Number(answer.headers.get('retry-after')) * 1000 || 0);
  }
}
