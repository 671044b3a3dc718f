// The admin screens against answers held in the test: what a page asks of `/api/v1` is answered from plain lists.

const json = (route, body, status = 200) =>
  route.fulfill({
    status,
    contentType: status < 400 ? 'application/json' : 'application/problem+json',
    body: body === undefined ? '' : JSON.stringify(body),
  });

/**
 * A list under a path as the server keeps one: GET, POST, PATCH and DELETE. `asked` records every change as
 * [method, path, body]; `refuse(body)` may return the errors of a 422.
 */
export function collection(path, key, items, { prefix = 'X', refuse = () => null, made = () => ({}) } = {}) {
  let next = 100;
  return (asked) => [
    new RegExp(`^${path}(?:/([^/]+))?$`),
    (route, method, [id], body) => {
      if (method === 'GET') return json(route, id ? items.find((one) => one[key] === id) : { items, next_cursor: null });
      asked.push([method, id ? `${path}/${id}` : path, body]);
      const errors = body && refuse(body);
      if (errors) return json(route, { title: 'Check the fields', status: 422, errors }, 422);
      if (method === 'POST') {
        const item = { [key]: body[key] ?? `${prefix}-${next++}`, active: true, ...body };
        items.push({ position: 890, ...item });
        return json(route, { ...item, ...made(item) }, 201);
      }
      const at = items.findIndex((one) => one[key] === decodeURIComponent(id));
      if (at < 0) return json(route, { title: 'Not found', status: 404 }, 404);
      if (method === 'DELETE') {
        items.splice(at, 1);
        return route.fulfill({ status: 204 });
      }
      items[at] = { ...items[at], ...body };
      return json(route, items[at]);
    },
  ];
}

/** One thing that is read and replaced as a whole. */
export function single(path, value) {
  return (asked) => [
    new RegExp(`^${path}$`),
    (route, method, _, body) => {
      if (method === 'GET') return json(route, value);
      asked.push([method, path, body]);
      value = { ...value, ...body };
      return json(route, value);
    },
  ];
}

/** An answer worked out from the call. A function that gives undefined answers 204. */
export function answer(path, give) {
  return (asked) => [
    new RegExp(`^${path}$`),
    (route, method, parts, body) => {
      if (method !== 'GET') asked.push([method, new URL(route.request().url()).pathname.replace('/api/v1', ''), body]);
      const given = give({ method, parts, body, url: new URL(route.request().url()) });
      return given === undefined ? route.fulfill({ status: 204 }) : json(route, given);
    },
  ];
}

/** Puts the answers in front of the real server; what none of them knows goes through to it. Gives the record of changes. */
export async function intercept(page, ...makers) {
  const asked = [];
  const answers = makers.map((make) => make(asked));
  await page.route('**/api/v1/**', (route) => {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace('/api/v1', '');
    for (const [pattern, handle] of answers) {
      const match = pattern.exec(path);
      if (match) return handle(route, request.method(), match.slice(1), request.postData() ? request.postDataJSON() : undefined);
    }
    return route.fallback();
  });
  return asked;
}
