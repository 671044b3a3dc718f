// The calls of the pages for customers: no cookies, at most the token of one conversation.

/** The server said no; `fields` names what to correct. Any other failure is a TypeError of fetch: no connection. */
export class Refused extends Error {
  readonly status: number;
  readonly fields: readonly string[];

  constructor(status: number, fields: readonly string[] = []) {
    super(`refused: ${status}`);
    this.status = status;
    this.fields = fields;
  }
}

export interface Options {
  token?: string | undefined;
  body?: unknown;
}

export async function request<Answer>(method: 'GET' | 'POST', path: string, { token, body }: Options = {}): Promise<Answer> {
  const answer = await fetch(path, {
    method,
    credentials: 'omit',
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return json as Answer;
  const { errors = [] } = json as { errors?: { field: string }[] };
  throw new Refused(
    answer.status,
    errors.map((error) => error.field),
  );
}
