// A new manager sets up a desk in one go, in the settings only; then a customer writes and finds their person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { axe, launchBrowser, startChat, startServer } from './support.mjs';

const password = 'another long password 9';
let server;
let browser;
let dashboard;
let page;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  dashboard = await Dashboard.signedIn(browser, server, { path: 'settings/setup' });
  page = dashboard.page;
});

after(async () => {
  assert.deepEqual(await dashboard?.close(), []);
  await browser?.close();
  await server?.stop();
});

const nav = (name) => page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true }).click();
const step = (name) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
const toast = (text) => page.getByRole('status').getByText(text, { exact: true }).waitFor();
const left = () => page.getByRole('main').getByText(/ done\. Left: /).innerText();
const focusIsIn = (selector) => page.evaluate((at) => document.activeElement?.matches(at) ?? false, selector);

test('the set-up page says what is left', async () => {
  assert.match(await left(), /Left: .*Staff and skills.*Opening hours.*Your notifications/);
  await step('Staff and skills').getByText('0 colleagues').waitFor();
  assert.deepEqual(await axe(page), []);
});

test('a department is added, and its desk is the next page', async () => {
  await step('Departments').getByRole('link').click();
  await page.getByRole('button', { name: 'Add department' }).click();
  await dashboard.dialog.getByLabel('English name').fill('Visas');
  await dashboard.dialog.getByLabel('Arabic name').fill('التأشيرات');
  assert.equal(await dashboard.dialog.getByLabel('Short name').inputValue(), 'visas');
  await dashboard.dialog.getByRole('button', { name: 'Save' }).click();
  await toast('Visas was added. Now set up its desk.');
  await page.getByRole('heading', { name: 'Desk of Visas' }).waitFor();
  await page.getByText('No hours are set: the department counts as open at all times.').waitFor();
});

test('its hours, a holiday, how chats find a person and what they must know', async () => {
  await page.getByRole('radio', { name: 'To whom has most room' }).check();
  await page.getByLabel('Skills required').fill('visas');
  await page.getByLabel('Skills required').press('Enter');
  await page.getByRole('button', { name: 'Start from' }).click();
  await page.getByRole('menuitem', { name: 'Day and night' }).click();
  await page.getByRole('button', { name: 'Add holiday' }).click();
  assert.ok(await focusIsIn('input[type=date]'), 'the new holiday is where one writes');
  await page.getByLabel('Date').fill('2030-12-25');
  await page.getByLabel('Name', { exact: true }).fill('Christmas');
  await page.getByRole('button', { name: 'Save' }).click();
  await toast('The desk of Visas is set up');
  await page.getByText('Open now').waitFor();
});

test('a colleague with skills and languages', async () => {
  await nav('Staff');
  await page.getByRole('button', { name: 'Add staff' }).click();
  const { dialog } = dashboard;
  await dialog.getByLabel('Name').first().fill('Alice');
  await dialog.getByLabel('E-mail').fill('alice@example.org');
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByLabel('Visas').check();
  await dialog.getByLabel('العربية').check();
  await dialog.getByRole('button', { name: 'Add skill' }).click();
  assert.ok(await focusIsIn('input[list]'), 'the new skill is where one writes');
  await page.keyboard.type('visas');
  await dialog.getByLabel('Level').selectOption('5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await toast('Alice was added and can sign in');
  await page.getByRole('row', { name: /Alice/ }).getByText('Visas').waitFor();
});

test('an SLA policy', async () => {
  await nav('SLA policies');
  await page.getByRole('button', { name: 'Add policy' }).click();
  await dashboard.dialog.getByLabel('Name').fill('Visas soon');
  await dashboard.dialog.getByLabel('Department', { exact: true }).selectOption('visas');
  await dashboard.dialog.getByLabel('First response (minutes)').fill('15');
  await dashboard.dialog.getByRole('button', { name: 'Save' }).click();
  await dashboard.dialog.waitFor({ state: 'detached' });
  await toast('Visas soon was saved');
  await page.getByRole('row', { name: /Visas soon/ }).waitFor();
});

test('a rule, tried before anybody writes', async () => {
  await nav('Rules');
  await page.getByRole('button', { name: 'Add rule' }).click();
  const { dialog } = dashboard;
  await dialog.getByLabel('Name of the rule').fill('Visa questions');
  const condition = dialog.getByRole('group', { name: 'Condition 1' });
  await condition.getByLabel('Value').fill('visa*');
  await condition.getByLabel('Value').press('Enter');
  await dialog.getByRole('group', { name: 'Action 1' }).getByLabel('Value').selectOption('visas');
  await dialog.getByRole('button', { name: 'Add action' }).click();
  const second = dialog.getByRole('group', { name: 'Action 2' });
  await second.getByLabel('Then').selectOption('hand_over');
  await second.getByLabel('Value').fill('a visa question');
  await dialog.getByText(/if the text has any of “visa\*”: move to the department Visas/).waitFor();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await toast('Visa questions was saved');
  await page.getByRole('heading', { name: 'Visa questions' }).waitFor();
  await page.getByLabel('A customer’s message').fill('How long does a visa take?');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  const trace = page.locator('.trace');
  await trace.getByText('1 rule matched').waitFor();
  await trace.getByText('move to the department Visas').waitFor();
});

test('a template, and what one is told oneself', async () => {
  await nav('Templates');
  await page.getByRole('button', { name: 'Add template' }).click();
  await dashboard.dialog.getByLabel('Name').fill('Visa papers');
  await dashboard.dialog.getByLabel('Shortcut').fill('visa');
  await dashboard.dialog.getByLabel('English text').fill('Please send your passport.');
  await dashboard.dialog.getByRole('button', { name: 'Save' }).click();
  await dashboard.dialog.waitFor({ state: 'detached' });
  await page.getByRole('cell', { name: /^Visa papers/ }).waitFor();
  await nav('Notifications');
  await page.getByRole('checkbox', { name: 'A clock runs out: Browser' }).click();
  await toast('Saved');
});

test('then everything is done, in both languages, and on a telephone too', async () => {
  await nav('Set up');
  await page.getByText('Everything is set up.').waitFor();
  await dashboard.inEveryDress(async (dress) => assert.deepEqual(await axe(page), [], dress));
  await page.setViewportSize({ width: 360, height: 780 });
  assert.deepEqual(await dashboard.overflow(), []);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('a customer writes, finds their person, and the chat says why', async () => {
  const alice = await Dashboard.signedIn(browser, server, { email: 'alice@example.org', password });
  const chat = await startChat(server, { name: 'John', message: 'How long does a visa take?' });
  await alice.row(chat.id).waitFor();
  await alice.openChat(chat.id);
  const why = alice.page.getByRole('region', { name: 'Why here' });
  await why.getByText('Assigned: Alice').waitFor();
  await why.getByText('Alice is the only one who is free for it, speaks English, has the skill visas').waitFor();
  await why.getByText('Earlier decisions (1)').click();
  await why.getByText('Visa questions').first().waitFor();
  await alice.composer.fill('/visa');
  await alice.page.getByRole('option', { name: /Visa papers/ }).waitFor();
  await alice.page.keyboard.press('Enter');
  await until(async () => (await alice.composer.inputValue()) === 'Please send your passport.', 'the template');
  await alice.composer.press('Enter');
  await alice.message('Please send your passport.').waitFor();
  assert.deepEqual(await alice.close(), []);
});
