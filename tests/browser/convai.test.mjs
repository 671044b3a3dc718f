// ElevenLabs' own widget and client library, unchanged, with our server as their other end.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { officialScript, widgetConfig } from './convai-support.mjs';
import { launchBrowser, startServer } from './support.mjs';
import { limits, site, staffApi, until } from './widget-support.mjs';

const shots = new URL('../../build/screenshots/', import.meta.url);

let server;
let browser;
let staff;
let home;
let script;
let context;
let page;

before(async () => {
  script = await officialScript();
  server = await startServer(limits);
  browser = await launchBrowser();
  staff = await colleague('Sarah Johnson');
  home = await site({ '/': '<!doctype html><title>A shop</title><h1>Welcome to our shop</h1>' });
});

after(async () => {
  await browser?.close();
  await home?.close();
  await server?.stop();
});

afterEach(() => context?.close());

/** Signed in as a manager of this name. */
async function colleague(name) {
  const admin = await staffApi(server);
  const email = 'johnson@example.org';
  const password = 'three boats and a lantern';
  await admin.post('/api/v1/staff', { name, email, password, role: 'manager', departments: [], languages: ['en'] });
  return staffApi({ ...server, adminEmail: email, adminPassword: password });
}

/** A page of another site with the official script in it; nothing is asked of any third host. */
async function visit() {
  context = await browser.newContext({ viewport: { width: 900, height: 720 } });
  await context.route(
    (url) => ![new URL(server.url).host, new URL(home.url).host].includes(url.host),
    (route) => route.abort(),
  );
  page = await context.newPage();
  await page.goto(home.url + '/');
  await page.addScriptTag({ content: script });
  return page;
}

const socket = (query = '') => server.url.replace('http', 'ws') + '/convai/ws?agent_id=agent_x' + query;

/** The newest conversation of this visitor. */
async function conversationOf(user) {
  const found = await until(async () => {
    const { items } = await staff.get('/api/v1/conversations?channel=elevenlabs');
    return items.find((c) => c.user_id.includes(user));
  }, 'the conversation');
  return found.conversation_id;
}

const reply = (id, message) => staff.post(`/api/v1/conversations/${id}/messages`, { message });

describe('the widget', () => {
  const transcript = () => page.locator('elevenlabs-convai');

  async function open(attributes = {}, config = {}) {
    await visit();
    const user = randomUUID();
    await page.evaluate(
      ([user, address, config, attributes]) => {
        window.elevenlabs.registerWidget();
        const widget = document.createElement('elevenlabs-convai');
        widget.setAttribute('signed-url', address);
        widget.setAttribute('user-id', user);
        widget.setAttribute('override-text-only', 'true');
        widget.setAttribute('text-input', 'true');
        widget.setAttribute('override-config', JSON.stringify(config));
        for (const [name, value] of Object.entries(attributes)) widget.setAttribute(name, value);
        document.body.append(widget);
      },
      [user, socket(), { ...widgetConfig, ...config }, attributes],
    );
    await page.locator('elevenlabs-convai textarea').waitFor();
    return user;
  }

  async function say(text) {
    const box = page.locator('elevenlabs-convai textarea');
    await box.fill(text);
    await box.press('Enter');
  }

  const sees = (text) => transcript().getByText(text).first().waitFor();
  const times = (text) => transcript().getByText(text).count();

  test('a conversation from the first word to the last', async () => {
    const user = await open();
    await say('Good morning');
    const id = await conversationOf(user);
    const [, answer] = await until(async () => {
      const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
      return items.length >= 2 && items;
    }, 'the answer');
    assert.equal(answer.role, 'ai');
    await sees(answer.message);
    assert.equal(await times(answer.message), 1, 'streamed and whole are one bubble');

    await say('I want to talk to a person');
    await sees('I am connecting you with a colleague');
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    const desk = await staff.socket(context, id);
    await desk.send({ type: 'typing', conversation_id: id, typing: true });
    await reply(id, 'Hello, this is a message that nobody had to wait for.');
    await sees(`${staff.name}: Hello, this is a message that nobody had to wait for.`);
    await reply(id, 'Your application is complete.');
    await sees('Your application is complete.');
    await say('Thank you, that is good news');
    await until(async () => {
      const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
      return items.some((m) => m.message === 'Thank you, that is good news');
    }, 'their answer');
    await mkdir(shots, { recursive: true });
    await page.bringToFront();
    await page.screenshot({ path: new URL('convai-widget.png', shots).pathname });

    await staff.post(`/api/v1/conversations/${id}/handback`, {});
    await say('Good evening');
    await until(async () => {
      const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
      return items.at(-1).role === 'ai';
    }, 'the assistant again');
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/resolution`, { outcome: 'solved' });
    await sees('This conversation has ended.');
  });

  test('with a greeting of its own the first answer is still shown', async () => {
    for (const [attributes, config] of [
      [{}, { first_message: 'Welcome! Ask me anything.' }],
      [{ 'override-first-message': 'Welcome! Ask me anything.' }, {}],
    ]) {
      await context?.close();
      const user = await open(attributes, config);
      await say('Good morning');
      const id = await conversationOf(user);
      const answer = await until(async () => {
        const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
        return items.find((m) => m.role === 'ai');
      }, 'the answer');
      await sees(answer.message);
      assert.equal(await times('Welcome! Ask me anything.'), 1);
    }
  });
});

describe('the client library', () => {
  /** Starts a session and notes what its callbacks are told. */
  async function start(options) {
    await visit();
    const user = randomUUID();
    await page.evaluate(
      async ([user, options]) => {
        const told = (window.told = []);
        const note =
          (name) =>
          (...what) =>
            told.push([name, ...what]);
        window.session = await window.elevenlabs.Conversation.startSession({
          textOnly: true,
          userId: user,
          ...options,
          onConnect: note('connect'),
          onMessage: note('message'),
          onAgentChatResponsePart: note('part'),
          onAgentTyping: note('typing'),
          onExternalAgentConnected: note('person'),
          onExternalAgentDisconnected: note('no person'),
          onDisconnect: note('disconnect'),
          onError: note('error'),
        });
      },
      [user, options],
    );
    return user;
  }

  const told = (name) => page.evaluate((name) => window.told.filter((t) => t[0] === name).map((t) => t[1]), name);
  const say = (text) => page.evaluate((text) => window.session.sendUserMessage(text), text);

  for (const [name, options] of [
    ['by signed address', () => ({ signedUrl: socket() })],
    ['by origin', () => ({ agentId: 'agent_x', origin: server.url.replace('http', 'ws') })],
    ['as a self-hosted orchestrator', () => ({ orchestrator: { url: socket() } })],
  ]) {
    test(`connects ${name}`, async () => {
      const user = await start(options());
      const [{ conversationId }] = await told('connect');
      assert.match(conversationId, /^conv_/);
      await say('Good morning');
      await until(async () => (await told('message')).find((m) => m.role === 'agent'), 'the answer');
      const parts = await told('part');
      const answer = (await told('message')).find((m) => m.role === 'agent');
      assert.equal(parts.map((p) => p.text).join(''), answer.message);
      await conversationOf(user);
      assert.deepEqual(await told('error'), []);
    });
  }

  test('hears of people, of their typing and of the end', async () => {
    const user = await start({ signedUrl: socket() });
    await say('I want to talk to a person');
    const id = await conversationOf(user);
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await until(async () => (await told('person')).length, 'a person');
    const desk = await staff.socket(context, id);
    await desk.send({ type: 'typing', conversation_id: id, typing: true });
    await until(async () => (await told('typing')).some((t) => t.is_typing), 'typing');
    await reply(id, 'One');
    await reply(id, 'Two');
    await until(async () => (await told('message')).some((m) => m.message === 'Two'), 'both');
    await staff.post(`/api/v1/conversations/${id}/handback`, {});
    await until(async () => (await told('no person')).length, 'the hand-back');
    await page.evaluate(() => window.session.sendUserActivity());
    await until(async () => (await desk.typing()).includes('customer true'), 'their typing');
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/resolution`, {});
    const [end] = await until(async () => {
      const ends = await told('disconnect');
      return ends.length && ends;
    }, 'the end');
    assert.equal(end.reason, 'agent');
    assert.deepEqual(await told('error'), []);
  });
});
