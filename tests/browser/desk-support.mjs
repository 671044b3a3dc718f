// The pages of the desk with its answers faked from a state: what desk.test.mjs and tickets.test.mjs stand on.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Dashboard } from './dashboard-support.mjs';
import { deskState, fakeDesk, liveEvents } from './desk-fakes.mjs';
import { launchBrowser, signIn, startChat, startServer } from './support.mjs';

export let server;
export let browser;
export let me;
export let chat;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const { call, staff } = await signIn(server);
  me = staff.staff_id;
  await call('PATCH', '/api/v1/me', { name: 'Sarah Johnson' });
  chat = await startChat(server, { name: 'John', email: 'john@example.org', message: 'I need help with my scholarship' });
  await chat.askForStaff();
  await call('POST', `/api/v1/conversations/${chat.id}/takeover`, {});
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Runs `body` at a page with the desk answered from a state; nothing may go wrong in the page meanwhile. */
export async function visit(path, body, { change, ...options } = {}) {
  const state = deskState({ me, conversation: chat.id });
  change?.(state);
  const dashboard = await Dashboard.open(browser, server, options);
  const { page } = dashboard;
  await fakeDesk(page, state);
  const emit = await liveEvents(page);
  try {
    await page.goto(`${server.url}/admin/${path}`);
    await dashboard.signIn();
    await body({ page, dashboard, state, emit });
  } finally {
    assert.deepEqual(await dashboard.close(), []);
  }
}

/** Holds the first answer under an address back: `asked` when the page has asked, and the answer comes when answer() is called. */
export async function slow(page, url) {
  let asked;
  let answer;
  const late = { asked: new Promise((resolve) => (asked = resolve)) };
  const released = new Promise((resolve) => (answer = resolve));
  await page.route(url, async (route) => {
    asked();
    await released;
    await route.fallback();
  }, { times: 1 });
  return { ...late, answer };
}

export const called = (state, method, path) => state.calls.filter((call) => call.method === method && call.path === path);
