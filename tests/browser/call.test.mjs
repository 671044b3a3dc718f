// The caller's page, and the calls and prompts in the dashboard: a whole call in both languages, live on both sides.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { axe, launchBrowser, signIn, startServer } from './support.mjs';
import { limits, openPage } from './widget-support.mjs';

let server;
let browser;
let staff;

before(async () => {
  server = await startServer({ ...limits, DEFAULT_COUNTRY: 'SA' });
  browser = await launchBrowser();
  staff = await signIn(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const visit = (path, options) => openPage(browser, server.url + path, options);

/** Set SHOTS to a folder to look at the pages. */
async function shot(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
}

async function say(page, text) {
  const lines = await page.locator('article').count();
  await page.getByLabel('Your answer').fill(text);
  await page.keyboard.press('Enter');
  await page.waitForFunction((n) => document.querySelectorAll('article').length >= n + 2, lines);
}

const noted = (page, value) => page.locator('dd', { hasText: value }).waitFor();

test('a whole call: the panel fills, a colleague takes over and speaks, the caller hangs up', async () => {
  const { page, trouble, close } = await visit('/call/');
  await shot(page, 'call-welcome');
  await page.getByRole('button', { name: 'Start the call' }).click();
  await page.getByText('What is your name?').waitFor();
  await page.getByRole('status').filter({ hasText: 'Connected' }).waitFor();
  await say(page, 'My name is John Smith');
  await noted(page, 'John Smith');
  await say(page, '050 123 4567');
  await noted(page, '+966501234567');
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('button', { name: 'A complaint' }).click();
  await page.getByRole('button', { name: 'Yes, correct' }).waitFor();
  await shot(page, 'call-confirm');
  await page.getByRole('button', { name: 'Yes, correct' }).click();
  await page.getByText('Please tell me what happened').waitFor();
  await say(page, 'My parcel arrived <b>broken</b> last week');
  await page.getByRole('status').filter({ hasText: 'Waiting for a colleague' }).waitFor();
  await page.locator('dd', { hasText: /TKT_\d{8}_/ }).waitFor();
  await page.getByText('<b>broken</b>').waitFor();

  const [call] = (await staff.call('GET', '/api/v1/intake')).items;
  assert.equal(call.customer.name, 'John Smith');
  await staff.call('POST', `/api/v1/conversations/${call.conversation_id}/takeover`, {});
  await page.getByRole('status').filter({ hasText: /With/ }).waitFor();
  await staff.call('POST', `/api/v1/conversations/${call.conversation_id}/messages`, { message: 'I am looking into it.' });
  await page.locator('article.staff', { hasText: 'I am looking into it.' }).waitFor();
  await shot(page, 'call-with-staff');
  await page.reload();
  await page.locator('article.staff').waitFor();
  await noted(page, 'John Smith');
  await page.getByRole('button', { name: 'Mute sound' }).click();
  await page.getByRole('button', { name: 'Sound on' }).waitFor();
  await staff.call('POST', `/api/v1/intake/${call.call_id}/end`, {});
  await page.getByRole('status').filter({ hasText: 'Ended' }).waitFor();
  await page.getByRole('button', { name: 'Start a new call' }).click();
  await page.getByRole('button', { name: 'Start the call' }).waitFor();
  assert.deepEqual(trouble, []);
  await close();
});

test('hold, another language, a person and the end, by keyboard', async () => {
  const { page, close } = await visit('/call/');
  await page.getByRole('button', { name: 'Start the call' }).press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'answer');
  await page.getByRole('button', { name: 'Hold' }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'On hold' }).waitFor();
  await page.getByRole('button', { name: 'Go on' }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'Connected' }).waitFor();
  await page.getByRole('button', { name: 'العربية' }).press('Enter');
  await page.getByText('نكمل بالعربية').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  await page.getByRole('button', { name: 'التحدث مع موظف' }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'بانتظار أحد الزملاء' }).waitFor();
  await close();
});

test('what is pressed while the server takes its time is done in the order pressed', async () => {
  const { page, close } = await visit('/call/');
  await page.getByRole('button', { name: 'Start the call' }).press('Enter');
  await page.getByRole('status').filter({ hasText: 'Connected' }).waitFor();
  const asked = [];
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route(/\/(language|transfer|hold)$/, async (route) => {
    asked.push(new URL(route.request().url()).pathname.split('/').at(-1));
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'العربية' }).press('Enter');
  await page.getByRole('button', { name: 'English' }).press('Enter');
  const person = page.getByRole('button', { name: 'Talk to a person' });
  await person.press('Enter');
  assert.ok(await person.evaluate((button) => document.activeElement === button), 'the focus stays');
  assert.deepEqual(asked, ['language']);
  go();
  await page.getByRole('status').filter({ hasText: 'Waiting for a colleague' }).waitFor();
  assert.deepEqual(asked, ['language', 'language', 'transfer']);
  await close();
});

test('an answer whose reply was lost is stored once', async () => {
  const { page, close } = await visit('/call/');
  await page.getByRole('button', { name: 'Start the call' }).click();
  await page.getByText('What is your name?').waitFor();
  let lost = 0;
  await page.route('**/input', async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.getByLabel('Your answer').fill('Bob');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').filter({ hasText: 'No connection' }).waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForFunction(() => document.querySelector('#answer').value === '');
  assert.equal(await page.locator('article.user').count(), 1);
  await close();
});

test('readable and reachable in both languages and themes, on a phone too', async () => {
  for (const language of ['en', 'ar'])
    for (const colorScheme of ['light', 'dark']) {
      const where = `${language} ${colorScheme}`;
      const { page, trouble, close } = await visit('/call/', { colorScheme, viewport: { width: 360, height: 740 } });
      await page.getByRole('button', { name: language === 'ar' ? 'العربية' : 'English' }).click();
      assert.deepEqual(await axe(page), [], where + ', welcome');
      await page.locator('main .primary').click();
      await page.locator('#answer').fill('John, ' + 'x'.repeat(200));
      await page.keyboard.press('Enter');
      await page.locator('article.user').waitFor();
      await page.waitForFunction(() => document.querySelectorAll('article').length >= 3);
      assert.deepEqual(await axe(page), [], where);
      const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: innerWidth }));
      assert.ok(scroll <= width, `${where}: ${scroll} > ${width}`);
      await shot(page, `call-phone-${language}-${colorScheme}`);
      assert.deepEqual(trouble, [], where);
      await close();
    }
});

async function dashboard(path, options = {}) {
  const visited = await visit('/admin/' + path, options);
  const { page } = visited;
  await page.locator('input[type=email]').fill(server.adminEmail);
  await page.locator('input[type=password]').fill(server.adminPassword);
  await page.keyboard.press('Enter');
  return visited;
}

test('staff see a call live and end it', async () => {
  const caller = await visit('/call/');
  await caller.page.getByRole('button', { name: 'Start the call' }).click();
  await caller.page.getByText('What is your name?').waitFor();
  await say(caller.page, 'Sarah Johnson');
  const { page, trouble, close } = await dashboard('calls');
  await page.getByRole('button', { name: /Sarah Johnson/ }).click();
  await page.getByRole('log').getByText('What is your name?').waitFor();
  await say(caller.page, '0507654321');
  await page.locator('dd', { hasText: '+966507654321' }).waitFor();
  await page.getByRole('log').getByText('0507654321').waitFor();
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await page.getByRole('button', { name: 'Unmute', exact: true }).waitFor();
  await shot(page, 'dashboard-calls');
  assert.deepEqual(await axe(page), []);
  await page.setViewportSize({ width: 360, height: 740 });
  const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: innerWidth }));
  assert.ok(scroll <= width, `${scroll} > ${width}`);
  await shot(page, 'dashboard-calls-phone');
  assert.deepEqual(await axe(page), []);
  await page.setViewportSize({ width: 1100, height: 800 });
  await page.getByRole('button', { name: 'Take over' }).click();
  await caller.page.getByRole('status').filter({ hasText: /With/ }).waitFor();
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await caller.page.getByRole('status').filter({ hasText: 'On hold' }).waitFor();
  await page.getByRole('button', { name: 'Off hold' }).click();
  await page.getByRole('button', { name: 'End', exact: true }).click();
  await caller.page.getByRole('status').filter({ hasText: 'Ended' }).waitFor();
  await page.getByRole('button', { name: /Sarah Johnson/ }).waitFor({ state: 'detached' });
  assert.deepEqual(trouble, []);
  await caller.close();
  await close();
});

test('prompts are edited, checked and put back', async () => {
  const { page, trouble, close } = await dashboard('settings/prompts');
  await page.getByRole('button', { name: 'Sales' }).click();
  await page.getByRole('button', { name: 'Edit inquiry (en)' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Text').fill('Hello {nmae}');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('{nmae}').waitFor();
  await dialog.getByLabel('Text').fill('What may we sell you, {name}?');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('What may we sell you, John Smith?').waitFor();
  await shot(page, 'dashboard-prompt');
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('changed').first().waitFor();
  await page.getByRole('button', { name: 'Edit inquiry (en)' }).click();
  await dialog.getByRole('button', { name: 'Back to the shipped text' }).click();
  await dialog.waitFor({ state: 'detached' });
  await shot(page, 'dashboard-prompts');
  assert.deepEqual(trouble, []);
  await close();
});
