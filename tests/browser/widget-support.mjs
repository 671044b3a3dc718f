// The widget as the tests use it: a customer’s hands and eyes, staff on the other side, and a site of another origin.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { launchBrowser, signIn, startServer } from './support.mjs';

/** One address plays many visitors here. */
export const limits = { RATE_LIMIT_SCALE: '100' };

/** What a page showed in its console, asked of other hosts, or had refused: all of it must be empty. */
export function watch(page, allowedHost) {
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A server that restarts is met with failed connections, which the browser reports by itself.
    if (message.type() === 'error' && !/ERR_CONNECTION|WebSocket connection|Failed to load resource/.test(text))
      trouble.push(text);
  });
  page.on('dialog', async (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && host !== allowedHost) trouble.push(`asked ${host}`);
  });
  return trouble;
}

/** A page of ours in a context of its own. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const trouble = watch(page, new URL(url).host);
  await page.goto(url);
  return { context, page, trouble, close: () => context.close() };
}

/** The server and the browser of a file of tests, and the visitors of its demo page, one at a time. */
export class Visits {
  static async start() {
    const visits = new Visits();
    try {
      visits.server = await startServer(limits);
      visits.browser = await launchBrowser();
      visits.staff = await staffApi(visits.server);
    } catch (error) {
      await visits.stop();
      throw error;
    }
    return visits;
  }

  async stop() {
    await this.browser?.close();
    await this.server?.stop();
  }

  /** A new visitor; the one before leaves. */
  async visit({ language = 'en', path = `/widget/demo?lang=${language}`, width = 1280, height = 800, ...options } = {}) {
    await this.leave();
    this.visitor = await openPage(this.browser, this.server.url + path, { viewport: { width, height }, ...options });
    const { context, page } = this.visitor;
    const widget = new Widget(page);
    await widget.launcher.waitFor();
    return { context, page, widget };
  }

  /** What happened up to now is as it should be. */
  forgive() {
    this.visitor.trouble.length = 0;
  }

  async leave() {
    const { visitor } = this;
    if (!visitor) return;
    this.visitor = undefined;
    const seen = [...visitor.trouble];
    await visitor.close();
    assert.deepEqual(seen, []);
  }
}

/** The widget on a page. Locators see into the open shadow root. */
export class Widget {
  constructor(page) {
    this.page = page;
    this.host = page.locator('chat-centre');
    this.launcher = this.host.locator('.launcher');
    this.panel = this.host.locator('.panel');
    this.input = this.host.locator('.composer textarea');
    this.line = this.host.locator('.line');
    this.link = this.host.locator('.link-state');
    this.badge = this.host.locator('.badge');
    this.person = this.host.locator('.bar .pill');
    this.typing = this.host.locator('.typing');
    this.bubbles = this.host.locator('.bubble');
  }

  async open() {
    await this.launcher.click();
    await this.panel.waitFor();
  }

  /** Writes and sends; returns when the server has it. */
  async say(text) {
    await this.write(text);
    await this.stored(text);
  }

  async write(text) {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  bubble(text) {
    return this.host.locator('.message', { has: this.page.getByText(text, { exact: true }) });
  }

  /** The message is there and neither on its way nor failed. */
  async stored(text) {
    await this.host.locator('.message:not(.sending, .waiting, .failed)', { has: this.page.getByText(text, { exact: true }) }).waitFor();
  }

  texts() {
    return this.bubbles.allTextContents();
  }

  /** The id of the chat this page keeps. */
  async conversation() {
    const saved = await this.page.evaluate(() =>
      Object.entries(localStorage).find(([key]) => /^chat-centre:[^ ]*\/$/.test(key)),
    );
    return saved && JSON.parse(saved[1]).id;
  }
}

/** Answers GETs with the given pages: a customer's own site, on another port and so of another origin. */
export async function site(pages, headers = {}) {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url, 'http://site').pathname];
    response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
    response.end(page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

/** Waits until `check` gives something true, and gives that. */
export async function until(check, what, ms = 10_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The first admin's HTTP calls and, inside the browser, socket. */
export async function staffApi(server) {
  const { call, staff, token } = await signIn(server);
  return {
    name: staff.name,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),

    /** A socket of this staff member on a conversation, in a page of its own (Node 20 has no WebSocket). */
    async socket(context, conversation) {
      const page = await context.newPage();
      await page.goto(server.url + '/widget/demo');
      await page.evaluate(
        ([url, token, topic]) =>
          new Promise((resolve, reject) => {
            window.heard = [];
            window.socket = new WebSocket(url, ['chat-centre.v1', 'bearer.' + token]);
            window.socket.onerror = reject;
            window.socket.onmessage = ({ data }) => {
              const frame = JSON.parse(data);
              if (frame.type === 'hello') window.socket.send(JSON.stringify({ type: 'subscribe', topics: [topic] }));
              if (frame.type === 'subscribed') resolve();
              for (const event of frame.events ?? [])
                if (event.type === 'typing') window.heard.push(`${event.data.who} ${event.data.typing}`);
            };
          }),
        [server.url.replace('http', 'ws') + '/ws', token, 'conversation:' + conversation],
      );
      return {
        send: (frame) => page.evaluate((text) => window.socket.send(text), JSON.stringify(frame)),
        typing: () => page.evaluate(() => window.heard),
      };
    },
  };
}
