// Channels on the screens, over a real server: one is set up with a sample, and the assistant of another is switched off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Dashboard } from './dashboard-support.mjs';
import { axe, launchBrowser, startServer } from './support.mjs';

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A customer's words as the WhatsApp gateway on this machine posts them; the conversation's id. */
async function whatsapp(text, id) {
  const message = { key: { remoteJid: '263771234567@s.whatsapp.net', fromMe: false, id }, message: { conversation: text }, pushName: 'John' };
  const answer = await fetch(`${server.url}/webhook`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ event: 'messages.upsert', data: { messages: [message] } }),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()).messages[0].conversation_id;
}

test('a channel is described, tried on a sample, saved, and its secret shown once', async () => {
  const dashboard = await Dashboard.signedIn(browser, server, { path: 'settings/channels' });
  const { page, dialog } = dashboard;
  await page.getByRole('cell', { name: 'WhatsApp', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Add a channel' }).click();
  await dialog.getByLabel('Short name').fill('telegram');
  await dialog.getByLabel('Name in English').fill('Telegram');
  await dialog.getByLabel('Name in Arabic').fill('تيليجرام');
  await dialog.getByLabel('Text', { exact: true }).fill('/message/body');
  await dialog.getByLabel('Sender', { exact: true }).fill('/message/chat/id');
  await dialog.getByLabel('Only when').fill('/message/chat/type = private');
  await dialog.getByLabel('A sample').fill('{"message":{"text":"hello","chat":{"id":42,"type":"private"}}}');
  await dialog.getByRole('button', { name: 'Try it' }).click();
  await dialog.getByText('text: there is no text at /message/body').waitFor();
  await dialog.getByLabel('Text', { exact: true }).fill('/message/text');
  await dialog.getByRole('button', { name: 'Try it' }).click();
  await dialog.getByText('Messages read: 1. Left out: 0.').waitFor();
  await dialog.getByRole('definition').filter({ hasText: 'hello' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  const secret = await dialog.getByLabel('Secret', { exact: true }).inputValue();
  const posted = await fetch(`${server.url}/channels/telegram`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Channel-Secret': secret },
    body: '{"message":{"text":"hello","chat":{"id":42,"type":"private"}}}',
  });
  const taken = await posted.json();
  assert.equal(taken.stored, 1, JSON.stringify(taken));
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('cell', { name: 'Telegram', exact: true }).waitFor();
  await dashboard.inEveryDress(async (dress) => {
    assert.deepEqual(await axe(page), [], dress);
    assert.deepEqual(await dashboard.overflow(), [], dress);
  });
  assert.deepEqual(await dashboard.close(), []);
});

test('the assistant of a WhatsApp conversation is switched off, and on again', async () => {
  const id = await whatsapp('Good morning', 'first');
  const dashboard = await Dashboard.signedIn(browser, server, { path: `c/${id}` });
  const { page } = dashboard;
  const assistant = page.getByRole('switch', { name: 'The assistant answers' });
  await assistant.waitFor();
  await page.locator('header .sub').getByText('WhatsApp').waitFor();
  assert.equal(await assistant.isChecked(), true);
  await assistant.click();
  await page.getByText('Human mode').waitFor();
  assert.equal(await assistant.isChecked(), false);
  await dashboard.inEveryDress(async (dress) => assert.deepEqual(await axe(page), [], dress));
  await assistant.click();
  await page.getByText('Human mode').waitFor({ state: 'detached' });
  assert.equal(await assistant.isChecked(), true);
  assert.deepEqual(await dashboard.close(), []);
});
