// How the dashboard looks to everybody: axe on every view in both languages and both themes, and small screens.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { deskState, fakeDesk } from './desk-fakes.mjs';
import { axe, launchBrowser, signIn, startChat, startServer, sync } from './support.mjs';

let server;
let browser;
let mine;
let resolved;
let desk;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const { call, staff } = await signIn(server);
  await call('POST', '/api/v1/staff', { name: 'Alice', email: 'alice@example.org', password: 'another long password 9', role: 'agent', departments: ['sales'] });
  mine = await startChat(server, { name: 'John', email: 'john@example.org', message: 'I need help with my scholarship' });
  await mine.askForStaff();
  await call('POST', `/api/v1/conversations/${mine.id}/takeover`, {});
  await call('POST', `/api/v1/conversations/${mine.id}/messages`, { message: 'Hello John, which document is missing?' });
  await call('POST', `/api/v1/conversations/${mine.id}/notes`, { body: 'A letter is enough' });
  await call('PATCH', `/api/v1/conversations/${mine.id}`, { priority: 'high', tags: ['scholarship'], category: 'education_scholarship' });
  await mine.say('شكراً جزيلاً');
  resolved = await startChat(server, { name: 'Ahmed', message: 'Thanks' });
  await resolved.askForStaff();
  await call('POST', `/api/v1/conversations/${resolved.id}/takeover`, {});
  await call('POST', `/api/v1/conversations/${resolved.id}/resolution`, { outcome: 'solved', resolution: 'Sent the list' });
  await sync(server, { user_id: 'user_1', user_name: 'Bob', priority: 'emergency', message: 'I want to speak with a human' });
  await sync(server, { user_id: 'user_2', user_name: 'أحمد', message: 'السلام عليكم' });
  assert.equal(staff.role, 'admin');
  desk = () => deskState({ me: staff.staff_id, conversation: mine.id });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const press = (key) => (dashboard) => dashboard.page.keyboard.press(key);

/** Every view: where it is, and what to do there to see it. */
const views = {
  inbox: { path: '', ready: '[data-row]' },
  'list of the assistant': { path: '', ready: '[data-row]', act: async (d) => (await d.page.locator('.segments button').nth(2).click(), await d.page.locator('.flat [data-row]').first().waitFor()) },
  'search with filters': {
    path: '',
    ready: '[data-row]',
    act: async (d) => {
      await d.page.locator('[aria-expanded][aria-haspopup]').first().waitFor();
      await d.page.locator('.line [aria-expanded]').first().click();
      await d.page.locator('[data-search]').fill('help');
      await d.page.locator('section [data-row]').first().waitFor();
    },
  },
  conversation: { path: () => `c/${mine.id}`, ready: '.composer textarea' },
  note: { path: () => `c/${mine.id}`, ready: '.composer textarea', act: press('n') },
  'resolved conversation': { path: () => `c/${resolved.id}`, ready: '.composer .locked' },
  transfer: {
    path: () => `c/${mine.id}`,
    ready: '.composer textarea',
    act: async (d) => {
      await d.page.locator('.actions .plain').nth(1).click();
      await d.dialog.locator('[role=option]').first().waitFor();
    },
  },
  resolve: { path: () => `c/${mine.id}`, ready: '.composer textarea', act: (d) => d.page.locator('.actions .primary').click() },
  palette: { path: () => `c/${mine.id}`, ready: '.composer textarea', act: press('Control+k') },
  shortcuts: { path: '', ready: '[data-row]', act: press('?') },
  menu: { path: '', ready: '[data-row]', act: (d) => d.page.locator('header [aria-haspopup=menu]').click() },
  templates: {
    path: () => `c/${mine.id}`,
    ready: '.composer textarea',
    act: async (d) => {
      await d.composer.fill('');
      await d.composer.pressSequentially('/');
      await d.page.locator('.templates [role=option]').first().waitFor();
    },
  },
  tickets: { path: 'tickets', ready: '[data-row] .clock' },
  'tickets with filters': { path: 'tickets', ready: '[data-row]', act: (d) => d.page.locator('nav.card .line [aria-expanded]').first().click() },
  ticket: { path: 'tickets/TKT_20260105_AB01', ready: '.ticket article' },
  'note on a ticket': { path: 'tickets/TKT_20260105_AB01', ready: '.ticket article', act: (d) => d.page.locator('.tabs .note').click() },
  'new ticket': { path: 'tickets', ready: '[data-row]', act: (d) => d.page.locator('nav.card .primary').click() },
  customers: { path: 'customers', ready: '[data-row]' },
  customer: { path: 'customers/CUST-1', ready: '.side .bar' },
  'customer form': {
    path: 'customers/CUST-1',
    ready: '.side .bar',
    act: async (d) => {
      await d.page.locator('div.card > header button').last().click();
      await d.dialog.waitFor();
    },
  },
  'customer merge': {
    path: 'customers/CUST-1',
    ready: '.side .bar',
    act: async (d) => {
      await d.page.locator('.side li button').first().click();
      await d.dialog.locator('.moved').waitFor();
    },
  },
  leads: { path: 'leads', ready: 'main li .trigger' },
  tasks: { path: 'tasks', ready: 'main li.overdue' },
  'tasks that wait for anybody': { path: 'tasks', ready: 'main li.overdue', act: async (d) => (await d.page.locator('.segments button').nth(1).click(), await d.page.locator('main li.never').waitFor()) },
  'search everything': { path: 'search?q=scholarship', ready: 'main mark', act: (d) => d.page.locator('main .line button').first().click() },
  notifications: {
    path: '',
    ready: '.bell .count',
    act: async (d) => {
      await d.page.locator('.bell button').click();
      await d.dialog.locator('li').first().waitFor();
    },
  },
  'notification preferences': { path: 'settings/notifications', ready: 'main td input' },
  wall: { path: 'wall', ready: '.wall li' },
  profile: { path: 'settings/profile', ready: 'main h3' },
  staff: { path: 'settings/staff', ready: 'main td' },
  'staff dialog': { path: 'settings/staff', ready: 'main td', act: (d) => d.page.locator('main .primary').click() },
  departments: { path: 'settings/departments', ready: 'main td' },
  'API keys': { path: 'settings/api-keys', ready: 'main td' },
  audit: { path: 'settings/audit', ready: 'main td' },
};

/** Pages that a phone shows, and what stands there when they are loaded. */
const pages = [
  ['settings/profile', 'main h3'],
  ['settings/notifications', 'main td input'],
  ['settings/staff', 'main td'],
  ['wall', '.wall li'],
  ['tickets', '[data-row]'],
  ['tickets/TKT_20260105_AB01', '.ticket article'],
  ['customers', '[data-row]'],
  ['customers/CUST-1', '.side .bar'],
  ['leads', 'main li .trigger'],
  ['tasks', 'main li.overdue'],
  ['search?q=scholarship', 'main mark'],
];

describe('axe in both languages and both themes', () => {
  let dashboard;
  before(async () => {
    dashboard = await Dashboard.open(browser, server);
    await fakeDesk(dashboard.page, desk());
  });
  after(async () => assert.deepEqual(await dashboard.close(), []));

  const check = () => dashboard.inEveryDress(async (dress) => assert.deepEqual(await axe(dashboard.page), [], dress));

  test('signing in', async () => {
    await dashboard.page.locator('button[type=submit]').waitFor();
    await check();
    await dashboard.signIn();
  });

  for (const [name, { path, ready, act }] of Object.entries(views)) {
    test(name, async () => {
      await dashboard.show(typeof path === 'function' ? path() : path);
      await dashboard.page.locator(ready).first().waitFor();
      if (act) await dashboard.act(act);
      await check();
    });
  }
});

describe('360 pixels', () => {
  for (const language of ['en', 'ar']) {
    test(`one pane at a time, nothing sticks out, ${language}`, async () => {
      const dashboard = await Dashboard.signedIn(browser, server, { language, width: 360, height: 740 });
      const { page } = dashboard;
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      assert.equal(await page.locator('html').getAttribute('dir'), language === 'ar' ? 'rtl' : 'ltr');
      await dashboard.row(mine.id).waitFor();
      assert.deepEqual(await dashboard.overflow(), []);
      assert.deepEqual(await axe(page), []);
      await dashboard.openChat(mine.id);
      await dashboard.composer.waitFor();
      assert.equal(await dashboard.row(mine.id).count(), 0);
      assert.deepEqual(await dashboard.overflow(), []);
      assert.deepEqual(await axe(page), []);
      await page.locator('.actions > .quiet').click();
      await dashboard.dialog.locator('.card').waitFor();
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Escape');
      await page.locator('.conversation header > .quiet').first().click();
      await dashboard.row(mine.id).waitFor();
      assert.deepEqual(await dashboard.close(), []);
    });
  }

  test('every page in both languages', async () => {
    const dashboard = await Dashboard.signedIn(browser, server, { width: 360, height: 740 });
    const { page } = dashboard;
    await fakeDesk(page, desk());
    for (const [path, ready] of pages) {
      await dashboard.show(path);
      await page.locator(ready).first().waitFor();
      for (const language of ['en', 'ar']) {
        await dashboard.wear(language, 'light');
        assert.deepEqual(await dashboard.overflow(), [], `${path}, ${language}`);
        if (!/settings|wall/.test(path)) assert.deepEqual(await axe(page), [], `${path}, ${language}`);
      }
    }
    assert.deepEqual(await dashboard.close(), []);
  });
});

describe('the choice of theme and language', () => {
  test('holds over a reload', async () => {
    const dashboard = await Dashboard.signedIn(browser, server, { path: 'settings/profile' });
    const { page } = dashboard;
    await page.getByLabel('Dark', { exact: true }).check();
    await page.getByLabel('العربية').check();
    await until(async () => (await page.locator('html').getAttribute('dir')) === 'rtl', 'right to left');
    await page.reload();
    await page.locator('main h3').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).colorScheme), 'dark');
    assert.deepEqual(await dashboard.close(), []);
  });
});
