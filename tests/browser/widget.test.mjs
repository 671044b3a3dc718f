// The customer's side: the widget on our demo page and on a site of another origin, against the real server.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { site, until, Visits, Widget } from './widget-support.mjs';

let visits;
let server;
let staff;
let context;
let page;
let widget;

before(async () => {
  visits = await Visits.start();
  ({ server, staff } = visits);
});

after(() => visits?.stop());

beforeEach(() => visit());
afterEach(() => visits?.leave());

const visit = async (options) => ({ context, page, widget } = await visits.visit(options));

/** Staff take the chat of the page over; returns its id when the page shows it. */
async function takeOver() {
  const id = await widget.conversation();
  await staff.post(`/api/v1/conversations/${id}/takeover`, {});
  // The name stands between characters that keep its direction to itself.
  await widget.line.getByText(new RegExp(`${staff.name}.? is with you`)).waitFor();
  return id;
}

describe('a conversation', () => {
  test('starts with the first message, is greeted, and is stored once', async () => {
    await widget.open();
    await widget.host.locator('input[type=text]').fill('Sarah Johnson');
    await widget.host.locator('input[type=email]').fill('sarah@example.org');
    await widget.say('I need help with my scholarship');
    await widget.host.locator('.message.ai').first().waitFor();

    const id = await widget.conversation();
    const chat = await staff.get(`/api/v1/conversations/${id}`);
    assert.equal(chat.user_name, 'Sarah Johnson');
    assert.equal(chat.user_email, 'sarah@example.org');
    assert.equal(chat.language, 'en');
    const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
    assert.equal(items[0].role, 'ai');
    assert.equal(items.filter((item) => item.message === 'I need help with my scholarship').length, 1);
    assert.deepEqual(items.map(({ seq }) => seq), items.map((_, index) => index + 1));
  });

  test('keeps what is typed while it is being started', async () => {
    let go;
    const held = new Promise((resolve) => (go = resolve));
    await page.route('**/start', async (route) => {
      await held;
      await route.continue();
    });
    await widget.open();
    const asked = page.waitForRequest('**/start');
    await widget.write('Good morning');
    await asked;
    await widget.input.press('End');
    await widget.input.pressSequentially(' I have a question');
    go();
    await widget.stored('Good morning');
    assert.equal(await widget.input.inputValue(), 'I have a question');
  });

  test('is taken over by staff, and runs both ways', async () => {
    await widget.open();
    await widget.say('Good morning');
    const id = await takeOver();
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: 'Hello, what can I do?' });
    await widget.bubble('Hello, what can I do?').waitFor();
    assert.equal(await widget.person.isVisible(), false, 'a person is already there');

    await widget.say('Send me the list, please');
    await until(async () => {
      const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
      return items.at(-1).message === 'Send me the list, please' && items.at(-1).role === 'user';
    }, 'the answer to be stored');
  });

  test('shows typing to both sides', async () => {
    await widget.open();
    await widget.say('Good morning');
    const id = await takeOver();
    const colleague = await staff.socket(context, id);
    await colleague.send({ type: 'typing', conversation_id: id, typing: true });
    await widget.typing.waitFor();
    await colleague.send({ type: 'typing', conversation_id: id, typing: false });
    await widget.typing.waitFor({ state: 'hidden' });

    await widget.input.pressSequentially('Hi');
    await until(async () => (await colleague.typing()).includes('customer true'), 'typing of the customer');
    await widget.input.fill('');
    await until(async () => (await colleague.typing()).includes('customer false'), 'the end of it');
  });

  test('asks for a person, is resolved, rated and closed, and the next one starts', async () => {
    await widget.open();
    await widget.person.click();
    await widget.line.getByText('Waiting for a person').waitFor();
    const id = await widget.conversation();
    assert.equal((await staff.get(`/api/v1/conversations/${id}`)).status, 'pending');
    await widget.say('It is about my results');

    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/resolution`, { outcome: 'solved', resolution: 'Results sent' });
    await widget.line.getByText('This chat is resolved').waitFor();
    await widget.host.getByLabel('4 of 5').check({ force: true });
    await widget.host.getByLabel('Tell us more').fill('Quick and kind');
    await widget.host.getByRole('button', { name: 'Send rating' }).click();
    await widget.host.getByText('Thank you for your rating.').waitFor();
    const rated = await staff.get(`/api/v1/conversations/${id}`);
    assert.deepEqual([rated.rating, rated.rating_comment], [4, 'Quick and kind']);

    // A message opens it again.
    await widget.say('One more thing');
    await until(async () => (await staff.get(`/api/v1/conversations/${id}`)).status !== 'resolved', 'the chat to reopen');
    await staff.post(`/api/v1/conversations/${id}/takeover`, { force: true });
    await staff.post(`/api/v1/conversations/${id}/resolution`, { close: true });
    await widget.line.getByText('This chat is closed').waitFor();
    assert.equal(await widget.input.isVisible(), false);

    await widget.host.getByRole('button', { name: 'Start a new chat' }).click();
    await widget.host.getByText('How can we help?').waitFor();
    await widget.say('Something else');
    assert.notEqual(await widget.conversation(), id);
  });

  test('counts what arrives while the panel is closed', async () => {
    await widget.open();
    await widget.say('Good morning');
    const id = await widget.conversation();
    await page.keyboard.press('Escape');
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: 'Hello' });
    await widget.badge.waitFor();
    // Both at one moment: another message may come between two looks.
    const { count, label } = await widget.launcher.evaluate((element) => ({
      count: element.querySelector('.badge').textContent,
      label: element.getAttribute('aria-label'),
    }));
    assert.match(label, new RegExp(`Unread messages: ${count}`));
    await widget.open();
    await widget.badge.waitFor({ state: 'hidden' });
  });

  test('shows text as text', async () => {
    await widget.open();
    await widget.say('Good morning');
    const id = await widget.conversation();
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    const attack = '<img src=x onerror=alert(1)><script>alert(2)</script> javascript:alert(3) https://example.org/a"onclick="alert(4)';
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: attack });
    await widget.bubble(attack).waitFor();
    assert.equal(await widget.host.locator('.bubble :not(a)').count(), 0);
    const link = widget.host.locator('.bubble a').last();
    assert.equal(await link.getAttribute('href'), 'https://example.org/a');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow');
  });
});

describe('nothing lost, nothing twice', () => {
  test('a reload resumes where it was', async () => {
    await widget.open();
    await widget.say('First');
    // With a person in charge the assistant adds nothing.
    await takeOver();
    await widget.say('Second');
    await widget.input.fill('A draft');
    const texts = await widget.texts();
    await page.reload();
    await widget.panel.waitFor();
    await widget.stored('Second');
    assert.deepEqual(await widget.texts(), texts);
    assert.equal(await widget.input.inputValue(), 'A draft');
    await widget.say('Third');
    assert.deepEqual(await widget.texts(), [...texts, 'Third']);
  });

  test('a restart of the server: what was written meanwhile arrives, in both directions', async () => {
    await widget.open();
    await widget.say('Before');
    const id = await takeOver();
    await server.stop({ keep: true });
    await widget.write('Meanwhile');
    await widget.link.getByText('Reconnecting').waitFor();
    await server.start();
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: 'Still here' });
    await widget.stored('Meanwhile');
    await widget.bubble('Still here').waitFor();
    await until(async () => (await widget.link.textContent()) === '', 'the connection to be back', 40_000);

    const { items } = await staff.get(`/api/v1/conversations/${id}/messages`);
    assert.deepEqual(await widget.texts(), items.map(({ message }) => message));
    assert.equal(items.filter(({ message }) => message === 'Meanwhile').length, 1);
  });

  test('an ack that never comes: the message goes again and is stored once', async () => {
    let asked = 0;
    let live;
    const subscribed = new Promise((resolve) => (live = resolve));
    await page.routeWebSocket(/\/ws\//, (socket) => {
      const upstream = socket.connectToServer();
      socket.onMessage((frame) => {
        if (String(frame).includes('Only once')) asked++;
        upstream.send(frame);
      });
      // Neither the ack nor the echo reaches the page.
      upstream.onMessage((frame) => {
        if (String(frame).includes('"subscribed"')) live();
        if (!String(frame).includes('Only once')) socket.send(frame);
      });
    });
    await page.reload();
    await widget.open();
    await widget.say('Good morning');
    await subscribed;
    await widget.write('Only once');
    await widget.host.locator('.message.sending').waitFor();
    await widget.stored('Only once');
    assert.equal(asked, 1, 'it went by the socket first');
    const { items } = await staff.get(`/api/v1/conversations/${await widget.conversation()}/messages`);
    assert.equal(items.filter(({ message }) => message === 'Only once').length, 1);
  });

  test('where sockets are blocked, HTTP carries the chat', async () => {
    await page.routeWebSocket(/\/ws\//, (socket) => socket.close({ code: 1006 }).catch(() => {}));
    await page.reload();
    await widget.open();
    await widget.say('Good morning');
    const id = await widget.conversation();
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: 'Can you hear me?' });
    await widget.bubble('Can you hear me?').waitFor({ timeout: 30_000 });
  });

  test('without a network a message says so, and goes out when the network is back', async () => {
    await widget.open();
    await widget.say('Good morning');
    await context.setOffline(true);
    await widget.link.getByText('You are offline').waitFor();
    await widget.write('From the tunnel');
    await context.setOffline(false);
    await widget.stored('From the tunnel');
    const { items } = await staff.get(`/api/v1/conversations/${await widget.conversation()}/messages`);
    assert.equal(items.filter(({ message }) => message === 'From the tunnel').length, 1);
  });

  test('two tabs show one chat', async () => {
    await widget.open();
    await widget.say('From the first tab');
    const other = await context.newPage();
    await other.goto(page.url());
    const second = new Widget(other);
    await second.open();
    await second.stored('From the first tab');
    await second.say('From the second tab');
    await widget.stored('From the second tab');
    await until(async () => JSON.stringify(await widget.texts()) === JSON.stringify(await second.texts()), 'the tabs to show the same');
  });

  test('a chat the server does not know any more ends with a way on', async () => {
    await widget.open();
    await widget.say('Good morning');
    await takeOver();
    await page.evaluate(() => {
      for (const [key, value] of Object.entries(localStorage))
        if (key.startsWith('chat-centre:')) localStorage.setItem(key, value.replace(/"token":"[^"]*"/, '"token":"forged"'));
    });
    await page.reload();
    await widget.line.getByText('no longer available').waitFor();
    await widget.host.getByRole('button', { name: 'Start a new chat' }).click();
    await widget.say('Hello again');
  });

  test('another person on the same device does not see the last one’s chat', async () => {
    const tag = (email) => `<!doctype html><html lang="en"><title>A site</title><script src="${server.url}/widget/chat-centre.js" data-email="${email}" async></script>`;
    const shop = await site({ '/sarah': tag('sarah@example.org'), '/bob': tag('bob@example.org') });
    await page.goto(shop.url + '/sarah');
    await widget.open();
    await widget.say('My results, please');
    await page.goto(shop.url + '/bob');
    await widget.launcher.waitFor();
    assert.equal(await widget.conversation(), undefined);
    visits.forgive(); // The site itself is another host here.
    await shop.close();
  });
});

test('a site of another origin, with a strict policy of its own', async () => {
  const { host } = new URL(server.url);
  const shop = await site(
    { '/': `<!doctype html><html lang="en"><title>A shop</title><script src="${server.url}/widget/chat-centre.js" data-accent="#ffd400" data-position="left" data-theme="dark" async></script><p>Shop</p>` },
    { 'Content-Security-Policy': `default-src 'none'; script-src http://${host}; connect-src http://${host} ws://${host}; require-trusted-types-for 'script'` },
  );
  await page.goto(shop.url);
  await widget.open();
  await widget.say('Do you ship abroad?');
  await staff.post(`/api/v1/conversations/${await widget.conversation()}/takeover`, {});
  await staff.post(`/api/v1/conversations/${await widget.conversation()}/messages`, { message: 'We do' });
  await widget.bubble('We do').waitFor();
  // What the first script fetches later comes through such a policy too.
  await widget.host.locator('.thumbs').first().waitFor();
  const button = await widget.launcher.evaluate((element) => {
    const { backgroundColor, color } = getComputedStyle(element);
    return { backgroundColor, color, left: element.getBoundingClientRect().left };
  });
  assert.deepEqual(button, { backgroundColor: 'rgb(255, 212, 0)', color: 'rgb(0, 0, 0)', left: 20 });
  const { trouble } = visits.visitor;
  assert.deepEqual(trouble.filter((line) => line !== `asked ${new URL(shop.url).host}`), []);
  visits.forgive();
  await shop.close();
});
