// How the admin screens look to everybody: axe in both languages and both themes, and nothing that sticks out at 360 pixels.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connections, content, conversation, quality, team, work } from './admin-data.mjs';
import { intercept } from './admin-support.mjs';
import { Dashboard } from './dashboard-support.mjs';
import { axe, launchBrowser, signIn, startChat, startServer } from './support.mjs';

let server;
let browser;
let chat;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
  const { call } = await signIn(server);
  const colleague = await call('POST', '/api/v1/staff', { name: 'Alice', email: 'alice@example.org', password: 'another long password 9', role: 'agent' });
  chat = await startChat(server, { name: 'John', message: 'I need help with my scholarship' });
  await chat.askForStaff();
  await call('POST', `/api/v1/conversations/${chat.id}/assignment`, { staff_id: colleague.staff_id });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const add = (d) => d.page.locator('main header .primary').click();
const firstRow = (d) => d.page.locator('main td button').last().click();
const unfold = (d) => d.page.locator('main summary').first().click();

/** Where each view is, and what to do there to see it. */
const views = {
  'set up': { path: 'setup', ready: 'main .mark' },
  handovers: { path: 'handovers', ready: 'main section td' },
  departments: { path: 'departments', ready: 'main td.hours span' },
  desk: { path: 'departments/sales', ready: '[role=slider]' },
  'desk as text': { path: 'departments/sales', ready: '[role=slider]', act: (d) => d.page.locator('.views button').last().click() },
  'staff dialog with skills': { path: 'staff', ready: 'main td', act: async (d) => (await firstRow(d), await d.dialog.locator('datalist').first().waitFor({ state: 'attached' })) },
  categories: { path: 'categories', ready: 'main td' },
  'category dialog': { path: 'categories', ready: 'main td', act: add },
  rules: {
    path: 'rules',
    ready: '[data-rule]',
    act: async (d) => {
      await d.page.locator('.try textarea').fill('What is the price?');
      await d.page.locator('.try [type=submit]').click();
      await d.page.locator('.trace').waitFor();
    },
  },
  'rule dialog': { path: 'rules', ready: '[data-rule]', act: (d) => d.page.locator('[data-rule="RULE-2"] .tools button').nth(2).click() },
  'SLA policies': { path: 'sla', ready: 'main tr.wins' },
  'SLA dialog': { path: 'sla', ready: 'main tr.wins', act: add },
  templates: { path: 'templates', ready: 'main td' },
  'template dialog': { path: 'templates', ready: 'main td', act: (d) => d.page.locator('main td button').first().click() },
  macros: { path: 'macros', ready: 'main ol li' },
  'macro dialog': { path: 'macros', ready: 'main ol li', act: (d) => d.page.locator('main li button').first().click() },
  analysis: { path: 'understanding', ready: '.samples button', act: async (d) => (await d.page.locator('.samples button').first().click(), await d.page.locator('main td').first().waitFor()) },
  webhooks: { path: 'webhooks', ready: 'main td' },
  'webhook dialog': { path: 'webhooks', ready: 'main td', act: add },
  deliveries: { path: 'webhooks/WHK-1', ready: 'main summary', act: unfold },
  integrations: { path: 'integrations', ready: 'main td' },
  'integration dialog': { path: 'integrations', ready: 'main td', act: add },
  mail: { path: 'mail', ready: 'main dl' },
  outbox: { path: 'outbox', ready: 'main td' },
  scorecards: { path: 'scorecards', ready: 'main .block' },
  'scorecard dialog': { path: 'scorecards', ready: 'main .block', act: add },
  reviews: { path: 'reviews', ready: '.chart', act: unfold },
  calibration: { path: 'calibration', ready: 'main .block' },
  examples: { path: 'examples', ready: 'main .block', act: unfold },
  learning: { path: 'learning', ready: 'main .block' },
};

async function open(options) {
  const dashboard = await Dashboard.open(browser, server, options);
  await intercept(dashboard.page, ...team(), ...work(), ...content(), ...connections(), ...conversation(), ...quality());
  await dashboard.signIn();
  return dashboard;
}

describe('every view', () => {
  let dashboard;
  before(async () => {
    dashboard = await open({});
  });
  after(async () => assert.deepEqual(await dashboard.close(), []));

  const check = () => dashboard.inEveryDress(async (dress) => assert.deepEqual(await axe(dashboard.page), [], dress));

  for (const [name, { path, ready, act }] of Object.entries(views)) {
    test(`${name}: axe in both languages and themes, and nothing sticks out at 360 pixels`, async () => {
      const { page } = dashboard;
      await dashboard.show(`settings/${path}`);
      await page.locator(ready).first().waitFor();
      if (act) await dashboard.act(act);
      await check();
      const { width, height } = page.viewportSize();
      await page.setViewportSize({ width: 360, height: 740 });
      for (const language of ['en', 'ar']) {
        await dashboard.wear(language, 'light');
        assert.deepEqual(await dashboard.overflow('.settings main, dialog[open] .body'), [], language);
      }
      await page.setViewportSize({ width, height });
      await dashboard.wear('en', 'light');
    });
  }

  test('a supervised conversation', async () => {
    await dashboard.page.goto(`${server.url}/admin/c/${chat.id}`);
    await dashboard.page.locator('.whisper textarea').fill('Offer the letter template');
    await dashboard.page.locator('.why li').first().waitFor();
    await dashboard.page.locator('.whisper textarea').press('Enter');
    await dashboard.timeline.locator('.whisper').waitFor();
    await check();
  });
});

for (const language of ['en', 'ar']) {
  test(`360 pixels: the navigation unfolds, ${language}`, async () => {
    const dashboard = await open({ language, width: 360, height: 740 });
    const { page } = dashboard;
    await page.goto(`${server.url}/admin/settings/mail`);
    await page.locator('.settings nav .fold').click();
    await page.locator('.settings nav a').first().waitFor();
    assert.deepEqual(await dashboard.overflow('.settings main'), []);
    assert.deepEqual(await axe(page), []);
    await page.locator('.settings nav a').first().click();
    await page.locator('.settings nav a').first().waitFor({ state: 'hidden' });
    assert.deepEqual(await dashboard.close(), []);
  });
}
