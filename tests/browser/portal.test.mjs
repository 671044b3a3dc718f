// The requester's page: the form, the ticket by its link, live, in both languages and themes, small and large.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, launchBrowser, signIn, startServer } from './support.mjs';
import { limits, openPage } from './widget-support.mjs';

let server;
let browser;
let staff;

before(async () => {
  server = await startServer(limits);
  browser = await launchBrowser();
  staff = await signIn(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const visit = (path, options) => openPage(browser, server.url + path, options);

async function request(fields = {}) {
  const answer = await fetch(server.url + '/tickets', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'John', email: 'john@example.org', subject: 'Where is my order?', ...fields }),
  });
  assert.equal(answer.status, 201);
  return answer.json();
}

test('from the form to an answer and back, live', async () => {
  const { page, trouble, close } = await visit('/portal/');
  await page.getByLabel('Name').fill('John');
  await page.getByLabel('E-mail address').fill('john@example.org');
  await page.getByLabel('Subject').fill('My parcel is late');
  await page.getByLabel('What is it about?').fill('I have waited a week.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('heading', { name: 'My parcel is late' }).waitFor();
  assert.match(page.url(), /\/portal\/#[\w-]{43}$/);
  await page.getByText('I have waited a week.').waitFor();
  await page.getByText('Received').waitFor();
  const id = (await page.locator('.facts').innerText()).match(/TKT_\d{8}_[A-Z0-9]{4}/)[0];

  await staff.call('POST', `/api/v1/tickets/${id}/notes`, { body: 'between us' });
  await staff.call('POST', `/api/v1/tickets/${id}/reply`, { message: 'It arrives <b>tomorrow</b>.' });
  await page.locator('li.staff .words', { hasText: 'It arrives <b>tomorrow</b>.' }).waitFor();
  await page.getByText('In progress').waitFor();
  await page.getByText('New message from').waitFor({ state: 'attached' });
  assert.ok(!(await page.content()).includes('between us'));

  await page.getByLabel('Write to us').fill('Thank you!');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('li.customer .words', { hasText: 'Thank you!' }).waitFor();
  await page.waitForFunction(() => document.querySelector('textarea').value === '');

  await staff.call('PATCH', `/api/v1/tickets/${id}`, { status: 'resolved' });
  await page.getByText('Resolved').waitFor();
  await page.getByLabel('Something is still open?').fill('One thing more');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('In progress').waitFor();
  await staff.call('PATCH', `/api/v1/tickets/${id}`, { status: 'closed' });
  await page.getByText('This request is closed.').waitFor();
  await page.reload();
  await page.getByText('One thing more').waitFor();
  assert.deepEqual(trouble, []);
  await close();
});

test('what was written survives a break of the connection and is stored once', async () => {
  const { portal_token: token, ticket_id: id } = await request();
  const { page, close } = await visit('/portal/#' + token);
  await page.getByLabel('Write to us').fill('Are you there?');
  // The first time the server stores it, and its answer gets lost.
  let lost = 0;
  await page.route('**/api/v1/portal/tickets/*', async (route) => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').filter({ hasText: 'No connection' }).waitFor();
  assert.equal(await page.getByLabel('Write to us').inputValue(), 'Are you there?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForFunction(() => document.querySelector('textarea').value === '');
  const { replies } = await staff.call('GET', `/api/v1/tickets/${id}`);
  assert.deepEqual(replies.map((reply) => reply.message), ['Are you there?']);
  await close();
});

test('what is typed while a message is on its way stays', async () => {
  const { portal_token: token } = await request();
  const { page, close } = await visit('/portal/#' + token);
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route('**/api/v1/portal/tickets/*', async (route) => {
    if (route.request().method() === 'POST') await held;
    await route.continue();
  });
  const box = page.getByLabel('Write to us');
  await box.fill('Are you there?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Sending' }).waitFor();
  await box.press('End');
  await box.pressSequentially(' One more thing');
  go();
  await page.locator('li.customer .words', { hasText: /^Are you there\?$/ }).waitFor();
  await page.waitForFunction(() => document.querySelector('textarea').value === 'One more thing');
  await close();
});

test('a link that opens nothing says so, in the language of the visitor', async () => {
  const { page, close } = await visit('/portal/#' + 'A'.repeat(43), { locale: 'ar-SA' });
  await page.getByRole('heading', { name: 'لا يفتح هذا الرابط أي طلب' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), 'rtl');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'This link opens no request' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await close();
});

test('the request decides the language until the visitor does', async () => {
  const { portal_token: token } = await request({ subject: 'أين طلبي؟', language: 'ar' });
  const { page, close } = await visit('/portal/#' + token);
  await page.getByRole('heading', { name: 'أين طلبي؟' }).waitFor();
  await page.getByText('وصلنا', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Received').waitFor();
  await page.reload();
  await page.getByText('Received').waitFor();
  await close();
});

test('readable and reachable in both languages and themes, on a phone too', async () => {
  const { portal_token: token, ticket_id: id } = await request({ description: 'x'.repeat(300) + ' and words' });
  await staff.call('POST', `/api/v1/tickets/${id}/reply`, { message: 'نعم\nIt is here: https://example.org/' + 'y'.repeat(200) });
  for (const path of ['/portal/', '/portal/#' + token])
    for (const language of ['en', 'ar'])
      for (const colorScheme of ['light', 'dark']) {
        const where = `${path.slice(0, 10)} ${language} ${colorScheme}`;
        const { page, trouble, close } = await visit(path, { colorScheme, viewport: { width: 360, height: 740 } });
        await page.getByRole('button', { name: language === 'ar' ? 'العربية' : 'English' }).click();
        if (path !== '/portal/') await page.locator('li.staff').waitFor();
        assert.deepEqual(await axe(page), [], where);
        const { scroll, width } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: innerWidth }));
        assert.ok(scroll <= width, `${where}: ${scroll} > ${width}`);
        await page.locator('header > button').click(); // the other theme, chosen by hand
        assert.deepEqual(await axe(page), [], where + ', switched');
        assert.deepEqual(trouble, [], where);
        await close();
      }
});
