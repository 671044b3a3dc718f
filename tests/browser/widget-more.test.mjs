// What the widget fetches when it is first used: thumbs under answers, articles while one types.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { axe } from './support.mjs';
import { site, until, Visits } from './widget-support.mjs';

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

/** The answer to the customer's message, once its thumbs are there. */
async function answered(text) {
  await widget.open();
  await widget.say(text);
  const row = widget.host.locator('.message.ai:has(.thumbs)');
  await row.waitFor();
  return row;
}

describe('thumbs', () => {
  test('say whether an answer helped, can be changed, and are still there after a reload', async () => {
    const row = await answered('Which documents do I need for the scholarship?');
    await row.getByRole('button', { name: 'This answer did not help' }).click();
    await row.getByText('You can talk to a person at any time').waitFor();
    const stored = async () => {
      const { items } = await staff.get(`/api/v1/conversations/${await widget.conversation()}/messages`);
      return items.filter(({ role }) => role === 'ai')[1].feedback;
    };
    assert.equal(await stored(), 'down');
    await row.getByRole('button', { name: 'This answer helped' }).click();
    await row.locator('.thanks', { hasText: 'Thank you.' }).waitFor();
    assert.equal(await stored(), 'up');

    await page.reload();
    await widget.panel.waitFor();
    await widget.input.focus();
    const pressed = widget.host.locator('.message.ai [aria-pressed=true]');
    await pressed.waitFor();
    assert.equal(await pressed.getAttribute('value'), 'up');
  });

  test('stand under answers only: not under the greeting, not under people', async () => {
    await answered('Which documents do I need for the scholarship?');
    const id = await widget.conversation();
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: 'I have a look.' });
    await widget.bubble('I have a look.').waitFor();
    assert.equal(await widget.host.locator('.thumbs').count(), 1);
    assert.equal(await widget.bubble('I have a look.').locator('.thumbs').count(), 0);
  });

  test('a failure is said, and the thumb is as before', async () => {
    const row = await answered('Which documents do I need for the scholarship?');
    await page.route('**/feedback', (route) => route.fulfill({ status: 503 }));
    const up = row.getByRole('button', { name: 'This answer helped' });
    await up.click();
    await row.getByText('Not sent').waitFor();
    assert.equal(await up.getAttribute('aria-pressed'), 'false');
  });
});

describe('with no second script', () => {
  test('the chat works as ever', async () => {
    await page.route('**/widget/more.js', (route) => route.fulfill({ status: 404 }));
    await widget.open();
    await widget.say('Hello there');
    await widget.host.locator('.message.ai').nth(1).waitFor();
    assert.equal(await widget.host.locator('.thumbs').count(), 0);
  });

  test('nothing is thrown into a site that allows the first script alone', async () => {
    const first = `${server.url}/widget/chat-centre.js`;
    const { host } = new URL(server.url);
    const shop = await site(
      { '/': `<!doctype html><html lang="en"><title>A shop</title><script src="${first}" async></script>` },
      { 'Content-Security-Policy': `default-src 'none'; script-src ${first}; connect-src http://${host} ws://${host}; require-trusted-types-for 'script'; trusted-types 'none'` },
    );
    await page.goto(shop.url);
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await widget.open();
    await widget.say('Hello there');
    await widget.host.locator('.message.ai').nth(1).waitFor();
    assert.equal(await widget.host.locator('.thumbs').count(), 0);
    assert.deepEqual(errors, []);
    visits.forgive(); // The site is another host here, and the browser says what its policy refused.
    await shop.close();
  });
});

test('Arabic, a narrow screen, and what a screen reader finds', async () => {
  await visit({ language: 'ar', width: 360, height: 740, colorScheme: 'dark' });
  const row = await answered('ما المستندات المطلوبة للمنحة؟');
  await row.getByRole('button', { name: 'أفادتني هذه الإجابة' }).click();
  await row.locator('.thanks', { hasText: 'شكرًا لك' }).waitFor();
  await until(async () => (await page.evaluate(() => document.documentElement.scrollWidth)) <= 360, 'no sideways scroll');
  assert.deepEqual(await axe(page), []);
});
