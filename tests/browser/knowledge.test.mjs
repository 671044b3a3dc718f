// The knowledge base in the dashboard: found, edited beside its translation, published, restored, flagged, imported, put
// into a reply; and the help centre, which needs no script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { axe, launchBrowser, signIn, startChat, startServer } from './support.mjs';

let server;
let browser;
let call;
let dashboard;
let page;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  ({ call } = await signIn(server));
  dashboard = await Dashboard.signedIn(browser, server);
  page = dashboard.page;
});

after(async () => {
  assert.deepEqual(await dashboard?.close(), []);
  await browser?.close();
  await server?.stop();
});

async function visit(path) {
  await page.goto(`${server.url}/admin/${path}`);
  await page.locator('.shell').waitFor();
}

test('articles are found by words and filters', async () => {
  await visit('settings/articles');
  await page.getByRole('searchbox', { name: 'Search articles' }).fill('bank statements');
  await page.getByRole('link', { name: 'What can I send instead of bank statements?' }).waitFor();
  await until(async () => (await page.locator('tbody tr').count()) < 10, 'fewer rows');
  await page.getByRole('searchbox', { name: 'Search articles' }).fill('');
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('saas');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
  await page.getByRole('link', { name: 'نسيت' }).or(page.getByRole('link', { name: 'كيف أعيد تعيين كلمة المرور؟' })).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByRole('button', { name: 'Clear filters' }).click();
});

test('an article is written, translated, published and read in the help centre', async () => {
  await visit('settings/articles');
  await page.getByRole('button', { name: 'Write an article' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Where do I park my bicycle?');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Behind the house.\n\n- **Lock** it');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const english = page.getByRole('form', { name: 'English' });
  await english.getByText('Draft').waitFor();
  await english.getByRole('button', { name: 'Preview' }).click();
  await english.getByRole('region', { name: 'Preview' }).locator('li strong').getByText('Lock').waitFor();
  await english.getByRole('button', { name: 'Preview' }).click();
  const arabic = page.getByRole('form', { name: 'Arabic' });
  await arabic.getByText('Not written yet').waitFor();
  await arabic.getByRole('textbox', { name: 'Title' }).fill('أين أوقف دراجتي؟');
  await arabic.getByRole('textbox', { name: 'Text' }).fill('خلف المبنى.');
  await arabic.getByRole('button', { name: 'Publish' }).click();
  await arabic.getByText('Published').waitFor();
  await english.getByRole('button', { name: 'Publish' }).click();
  await english.getByText('Published').waitFor();
  await english.getByRole('textbox', { name: 'Text' }).fill('In front of the house.\n\n- **Lock** it');
  await english.getByRole('button', { name: 'Save' }).click();
  await english.getByText('Version 3').waitFor();
  await page.getByRole('button', { name: 'Version 3', exact: true }).click();
  const changes = page.getByRole('region', { name: 'What changed' });
  await changes.getByText('In front of the house.').waitFor();
  await changes.getByText('Behind the house.').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByRole('listitem').filter({ hasText: 'Version 2' }).getByRole('button', { name: 'Restore' }).click();
  await english.getByText('Version 4').waitFor();
  assert.match(await english.getByRole('textbox', { name: 'Text' }).inputValue(), /^Behind/);

  const reader = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB', viewport: { width: 360, height: 700 } });
  const help = await reader.newPage();
  await until(async () => {
    await help.goto(`${server.url}/help/en?q=park+my+bicycle`);
    return help.getByRole('link', { name: 'Where do I park my bicycle?' }).count();
  }, 'the article in the search');
  await help.getByRole('link', { name: 'Where do I park my bicycle?' }).click();
  await help.getByRole('button', { name: 'Yes' }).click();
  await help.getByText('Thank you for telling us.').waitFor();
  await help.getByRole('link', { name: 'العربية' }).click();
  await help.getByRole('heading', { name: 'أين أوقف دراجتي؟' }).waitFor();
  assert.ok(await help.evaluate(() => document.documentElement.scrollWidth <= 360));
  await reader.close();
});

test('what is outdated or missing is flagged and settled', async () => {
  const { items } = await call('GET', '/api/v1/articles?q=bicycle&language=en');
  await visit(`settings/articles/${items[0].article_id}`);
  await page.getByRole('button', { name: 'Flag this article' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Comment' }).fill('There is a new shed');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('There is a new shed').waitFor();
  await visit('settings/articles');
  await page.getByRole('button', { name: 'Flags', exact: true }).click();
  const flag = page.getByRole('listitem').filter({ hasText: 'There is a new shed' });
  await flag.getByRole('button', { name: 'Settled' }).click();
  await page.getByText('Nothing is flagged.').waitFor();
});

test('an import shows its progress and names what it did not take', async () => {
  await visit('settings/articles');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const csv = ['language,title,body', ...Array.from({ length: 120 }, (_, index) => `en,Imported ${index},Text ${index}`), 'fr,Wrong,Language'];
  await dialog.locator('input[type=file]').setInputFiles([
    { name: 'articles.csv', mimeType: 'text/csv', buffer: Buffer.from(csv.join('\n')) },
    { name: 'lamp.en.md', mimeType: 'text/markdown', buffer: Buffer.from('# The lamp\n\nIt shines.') },
  ]);
  await dialog.getByRole('button', { name: 'Import' }).click();
  await dialog.getByText('121 added, 0 changed, 0 as they were').waitFor();
  await dialog.getByText('122 of 122').waitFor();
  await dialog.getByText('line 122: language must be en or ar').waitFor();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
});

test('articles that fit stand above the reply, and one click puts the text into it', async () => {
  const chat = await startChat(server, { name: 'John', scenario: 'charity', language: 'en', message: 'I have ID and transcripts but not bank statements' });
  await chat.askForStaff();
  await call('POST', `/api/v1/conversations/${chat.id}/takeover`, {});
  await chat.say('So what can I send instead of bank statements?');
  await visit(`c/${chat.id}`);
  await page.getByRole('button', { name: /^Articles that fit/ }).click();
  await page.getByRole('button', { name: 'Insert the text' }).first().click();
  assert.match(await dashboard.composer.inputValue(), /payslips of the last three months/);
  const { items } = await call('GET', '/api/v1/articles?q=instead+of+bank&language=en');
  await until(async () => {
    const days = await call('GET', `/api/v1/articles/${items[0].article_id}/days`);
    return days.items[0]?.inserted === 1;
  }, 'the use to be counted');
  await dashboard.composer.fill('');
});

test('what becomes of a suggested answer is learned from: sent as it was, changed, done without, dismissed', async () => {
  const chat = await startChat(server, { name: 'John', scenario: 'charity', language: 'en', message: 'Which documents are accepted instead of bank statements?' });
  await chat.askForStaff();
  await call('POST', `/api/v1/conversations/${chat.id}/takeover`, {});
  const examples = async () => (await call('GET', '/api/v1/training-examples?task=answer')).items.filter(({ source }) => source === 'suggestion');
  const ask = async (text) => {
    await chat.say(text);
    // The customer's: the assistant may have offered an article of the same title.
    await page.getByRole('log').locator('article.user').filter({ hasText: text }).waitFor();
    const strip = page.getByRole('button', { name: /^Articles that fit/ });
    await strip.waitFor();
    if ((await strip.getAttribute('aria-expanded')) === 'false') await strip.click();
  };
  const told = () => page.waitForRequest((request) => request.url().endsWith('/suggestion-outcomes'));
  const insert = () => page.getByRole('button', { name: 'Insert the text' }).first().click();
  const sendAnd = async (key = 'Enter') => {
    const [request] = await Promise.all([told(), dashboard.composer.press(key)]);
    return request.postDataJSON();
  };

  await visit(`c/${chat.id}`);
  await ask('What can I send instead of bank statements?');
  await insert();
  const accepted = await sendAnd();
  assert.equal(accepted.outcome, 'accepted');
  await until(async () => (await examples()).some(({ label, good }) => label === accepted.article_id && good), 'the example');

  await ask('And what can I send instead of the bank statements of my father?');
  await insert();
  await dashboard.composer.press('Home');
  await dashboard.composer.press('Delete');
  assert.equal((await sendAnd()).outcome, 'edited');

  await ask('And instead of the bank statements of my mother?');
  await insert();
  await dashboard.composer.fill('One moment please.');
  const without = await sendAnd();
  assert.equal(without.outcome, 'rejected');

  await ask('So what is accepted instead of bank statements?');
  assert.deepEqual(await axe(page), []);
  const dismiss = page.getByRole('button', { name: /^This does not answer it:/ });
  const before = await dismiss.count();
  const name = await dismiss.first().getAttribute('aria-label');
  const [request] = await Promise.all([told(), dismiss.first().press('Enter')]);
  assert.deepEqual(request.postDataJSON().outcome, 'rejected');
  await page.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });
  assert.equal(await dismiss.count(), before - 1);
  await until(
    () => page.evaluate(() => /^This does not answer it/.test(document.activeElement?.getAttribute('aria-label') ?? '') || document.activeElement?.tagName === 'TEXTAREA'),
    'the focus to go on',
  );
  await until(async () => (await examples()).some(({ label, good }) => label === request.postDataJSON().article_id && !good), 'the example');
  await page.reload();
  await page.getByRole('log').waitFor();

  // That it could not be told keeps nothing from being sent.
  await page.route('**/suggestion-outcomes', (route) => route.fulfill({ status: 500 }));
  await ask('What else can I send instead of bank statements?');
  await insert();
  await dashboard.composer.press('Enter');
  await until(async () => (await chat.messages()).filter(({ role, message }) => role === 'staff' && /payslips|instead/i.test(message)).length >= 3, 'the reply');
  assert.equal(await dashboard.composer.inputValue(), '');
  await page.unroute('**/suggestion-outcomes');
});

test('the pages fit a phone, in Arabic and in the dark', async () => {
  const phone = await Dashboard.signedIn(browser, server, { language: 'ar', theme: 'dark', width: 360, height: 740, path: 'settings/articles' });
  await phone.page.goto(`${server.url}/admin/settings/articles`);
  await phone.page.getByRole('heading', { name: 'قاعدة المعرفة' }).waitFor();
  await phone.page.locator('tbody tr').first().waitFor();
  assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= 360));
  assert.deepEqual(await axe(phone.page), []);
  const { items } = await call('GET', '/api/v1/articles?q=bicycle&language=en');
  await phone.page.goto(`${server.url}/admin/settings/articles/${items[0].article_id}`);
  await phone.page.getByRole('form').first().waitFor();
  assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= 360));
  assert.deepEqual(await axe(phone.page), []);
  assert.deepEqual(await phone.close(), []);
});
