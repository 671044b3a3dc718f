// What every browser test needs: the real server in a folder of its own, Chromium, axe, and a customer's hands.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const binary = process.env.CHAT_CENTRE_BIN ?? process.env.CHAT_CENTRE ?? join(root, 'build/release/chat-centre');

// A test run that is told to stop ends through `exit`, where the servers are ended too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** How long a server may take to be ready: its first start makes a database cluster. */
const READY_MS = 60_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * A server with an empty database on a free port. It ends with the test: stop() in an after hook, and by
 * its own pid should the test process end first.
 */
export async function startServer(environment = {}) {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'chat-centre-browser-'));
  // Started by root, the server runs its database as another user, who must be able to pass through.
  await chmod(folder, 0o755);
  const data = join(folder, 'data');
  await mkdir(data);
  const server = {
    url: `http://127.0.0.1:${port}`,
    adminEmail: 'sarah@example.org',
    adminPassword: 'a long enough password 7',
    syncKey: 'browser-tests-sync-key-0123456789',
    start,
    stop,
  };
  let child;
  // A file, not a pipe: a server that outlives the tests by a moment must still be able to write its log.
  const log = join(folder, 'server.log');

  async function start() {
    const output = await open(log, 'a');
    child = spawn(binary, ['serve'], {
      cwd: root,
      env: {
        ...process.env,
        DATABASE_URL: '',
        DATA_DIR: data,
        HOST: '127.0.0.1',
        PORT: String(port),
        ADMIN_EMAIL: server.adminEmail,
        ADMIN_PASSWORD: server.adminPassword,
        SYNC_API_KEY: server.syncKey,
        ...environment,
      },
      stdio: ['ignore', output.fd, output.fd],
    });
    await output.close();
    const own = child;
    // SIGTERM, so that it stops its database too.
    const onExit = () => own.kill('SIGTERM');
    process.once('exit', onExit);
    own.once('exit', () => process.off('exit', onExit));
    const end = Date.now() + READY_MS;
    while (!(await ready())) {
      if (own.exitCode !== null || Date.now() > end) {
        throw new Error(`the server did not start:\n${(await readFile(log, 'utf8')).slice(-8000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function ready() {
    try {
      return (await fetch(`${server.url}/health/ready`)).ok;
    } catch {
      return false;
    }
  }

  /** Ends the server; `keep` leaves its data for another start(). */
  async function stop({ keep = false } = {}) {
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(late);
    }
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  try {
    await start();
  } catch (error) {
    // A server left behind would keep the test process from ending.
    await stop();
    throw error;
  }
  return server;
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  });
}

/**
 * What axe objects to on the page as it stands, in words; an empty list when nothing. Our pages have no frames, so axe
 * is put into the page once and asked there: no second page, and only what it objects to comes back.
 */
export async function axe(page) {
  assert.equal(page.frames().length, 1, 'axe looks at the page itself, not into frames');
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] },
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
    );
  });
}

/** A message as a channel posts it: from the customer, or from the assistant when `sender` says so. */
export async function sync(server, fields) {
  const answer = await fetch(`${server.url}/api/chat/sync`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${server.syncKey}` },
    body: JSON.stringify({ sender: 'user', ...fields }),
  });
  if (!answer.ok) throw new Error(`sync: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** A person's HTTP calls with a bearer token: `call('POST', '/api/v1/…', {…})`. */
export function caller(server, token) {
  return async (method, path, body) => {
    const answer = await fetch(server.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
}

/** Signs in over HTTP; the first admin unless told otherwise. */
export async function signIn(server, email = server.adminEmail, password = server.adminPassword) {
  const answer = await fetch(`${server.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!answer.ok) throw new Error(`sign in: ${answer.status} ${await answer.text()}`);
  const { access_token, staff } = await answer.json();
  return { call: caller(server, access_token), staff, token: access_token };
}

/** A customer with a chat of their own, as the widget starts one. */
export async function startChat(server, fields = {}) {
  const answer = await fetch(`${server.url}/api/v1/conversations/start`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
  if (!answer.ok) throw new Error(`start: ${answer.status} ${await answer.text()}`);
  const { conversation_id: id, token } = await answer.json();
  const call = caller(server, token);
  return {
    id,
    say: (message) => call('POST', `/api/v1/conversations/${id}/messages`, { message, client_message_id: crypto.randomUUID() }),
    askForStaff: () => call('POST', `/api/v1/conversations/${id}/handover`, {}),
    messages: async () => (await call('GET', `/api/v1/conversations/${id}/messages`)).items,
    state: () => call('GET', `/api/v1/conversations/${id}`),
  };
}
