import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, ApiError, queryString } from './client.ts';

function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers },
  });
}

/** An Api whose answers are given in order, and what it asked. */
function api(answers: (Response | Error)[], renewed = false) {
  const asked: { url: string; init: RequestInit }[] = [];
  let renewals = 0;
  const client = new Api({
    token: () => `token-${renewals}`,
    renew: () => Promise.resolve((renewals++, renewed)),
    fetch: (url, init) => {
      asked.push({ url: String(url), init: init! });
      const next = answers.shift()!;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
  });
  return { client, asked, renewals: () => renewals };
}

test('calls carry the token, the query and the body', async () => {
  const { client, asked } = api([answer(200, { ok: true }), answer(204)]);
  assert.deepEqual(await client.get('/conversations', { query: { q: 'a b', status: 'bot', cursor: null, department: '' } }), { ok: true });
  assert.equal(asked[0]?.url, '/api/v1/conversations?q=a+b&status=bot');
  assert.equal((asked[0]?.init.headers as Record<string, string>)['Authorization'], 'Bearer token-0');
  assert.equal(await client.post('/x', { a: 1 }), undefined);
  assert.equal(asked[1]?.init.body, '{"a":1}');
});

test('a 401 is renewed once and the call repeated', async () => {
  const { client, asked } = api([answer(401), answer(200, 'done')], true);
  assert.equal(await client.get('/me'), 'done');
  assert.equal((asked[1]?.init.headers as Record<string, string>)['Authorization'], 'Bearer token-1');
  const refused = api([answer(401, { title: 'No' })]);
  await assert.rejects(refused.client.get('/me'), (error: ApiError) => error.status === 401);
  const login = api([answer(401, { title: 'Wrong' })], true);
  await assert.rejects(login.client.post('/auth/login', {}, { anonymous: true }), ApiError);
  assert.equal(login.renewals(), 0);
});

test('a call that must not be lost outlives its page', async () => {
  const { client, asked } = api([answer(204), answer(204)]);
  await client.post('/auth/refresh', {}, { anonymous: true, outlives: true });
  await client.post('/x');
  assert.deepEqual(asked.map((call) => call.init.keepalive), [true, undefined]);
});

test('problems keep what the server said of each field', async () => {
  const { client } = api([
    answer(422, { title: 'Invalid', status: 422, detail: 'Check the fields', errors: [{ field: 'email', message: 'is taken' }] }),
    new Response('<html>', { status: 502, statusText: 'Bad Gateway' }),
    new TypeError('Failed to fetch'),
  ]);
  await assert.rejects(client.post('/staff'), (error: ApiError) => error.field('email') === 'is taken' && error.message === 'Check the fields');
  await assert.rejects(client.get('/x'), (error: ApiError) => error.status === 502 && !error.offline);
  await assert.rejects(client.get('/x'), (error: ApiError) => error.offline);
});

test('a list is read page after page', async () => {
  const { client, asked } = api([answer(200, { items: [1, 2], next_cursor: 'c' }), answer(200, { items: [3], next_cursor: null })]);
  assert.deepEqual(await client.all('/staff'), [1, 2, 3]);
  assert.deepEqual(asked.map((call) => call.url), ['/api/v1/staff?limit=100', '/api/v1/staff?limit=100&cursor=c']);
});

test('an empty query adds nothing', () => {
  assert.equal(queryString(undefined), '');
  assert.equal(queryString({ a: null, b: undefined, c: '' }), '');
  assert.equal(queryString({ n: 0 }), '?n=0');
});
