// Leads, tasks, followers, the order of rules and the handover report, with the server's own answers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { launchBrowser, signIn, startChat, startServer, sync } from './support.mjs';

let server;
let browser;
let call;
let dashboard;
let page;
let chat;
let alice;
let ticket;

before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  ({ call } = await signIn(server));
  alice = await call('POST', '/api/v1/staff', { name: 'Alice', email: 'alice@example.org', password: 'another long password 9', role: 'agent', departments: ['sales'] });
  chat = await startChat(server, { name: 'John', email: 'john@example.org', phone: '+971501234567', message: 'I need help with my scholarship' });
  await chat.say('I want to speak with a human');
  await sync(server, { user_id: 'user_2', user_name: 'Bob', user_email: 'bob@example.org', user_phone: '+971501234568', message: 'Can I talk to a real person please' });
  ticket = await call('POST', '/api/v1/tickets', { subject: 'Where is my parcel?', name: 'John', email: 'john@example.org' });
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

describe('leads', () => {
  let made;
  before(async () => {
    made = await until(async () => {
      const { items } = await call('GET', '/api/v1/leads');
      return items.length >= 2 && items.find((one) => one.contact.name === 'John');
    }, 'leads of those who asked for a person');
  });
  test('stand behind the customers with what made them ask for a person', async () => {
    await visit('customers');
    await page.getByRole('group', { name: 'Which customers' }).getByRole('button', { name: 'Leads' }).click();
    const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'John' }) });
    await row.getByText('I want to speak with a human').waitFor();
    // What a lead is worth is counted on while its chat goes on.
    await until(async () => {
      const { score } = (await call('GET', '/api/v1/leads')).items.find((one) => one.lead_id === made.lead_id);
      return (await row.getByRole('meter', { name: 'Score' }).getAttribute('aria-valuenow')) === String(score);
    }, 'the stored score');
    assert.equal(await page.getByRole('link', { name: 'Customers' }).first().getAttribute('aria-current'), 'page');
    await row.getByRole('link', { name: 'John' }).click();
    await page.getByRole('heading', { name: 'John' }).waitFor();
  });

  test('are filtered and moved on', async () => {
    await visit('leads');
    const john = async () => (await call('GET', '/api/v1/leads')).items.find((one) => one.lead_id === made.lead_id);
    await page.getByRole('combobox', { name: 'Status of John' }).selectOption('won');
    await until(async () => (await john()).status === 'won', 'the stored status');
    await page.getByRole('combobox', { name: 'Priority of John' }).selectOption('low');
    await until(async () => (await john()).priority === 'low', 'the stored priority');
    await page.getByRole('button', { name: 'Won' }).click();
    await page.getByRole('link', { name: 'Bob' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'John' }).waitFor();
    await page.getByRole('button', { name: 'Lost' }).click();
    await page.getByText('No lead matches these filters.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'Bob' }).waitFor();
  });
});

describe('tasks', () => {
  test('are added, lead to what they are about, and are done with a way back', async () => {
    const { items: [lead] } = await call('GET', '/api/v1/leads');
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    await call('POST', '/api/v1/tasks', { title: 'Ask the depot', due_at: yesterday, contact_id: lead.contact.contact_id, ticket_id: ticket.ticket_id });
    await visit('');
    await page.getByRole('link', { name: 'Tasks' }).click();
    const late = page.getByRole('region', { name: /^Overdue/ }).getByRole('listitem');
    await late.getByText('Ask the depot').waitFor();
    assert.equal(await late.getByRole('link', { name: lead.contact.name }).getAttribute('href'), `/admin/customers/${lead.contact.contact_id}`);
    assert.equal(await late.getByRole('link', { name: ticket.ticket_id }).getAttribute('href'), `/admin/tickets/${ticket.ticket_id}`);

    await page.getByLabel('What is to be done').fill('Send the list');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: /^At any time/ }).getByText('Send the list').waitFor();
    // Clicked, not checked: what is done leaves the list, and check() looks at the box once more.
    await page.getByRole('checkbox', { name: 'Send the list' }).click();
    await page.getByRole('checkbox', { name: 'Send the list' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('checkbox', { name: 'Send the list' }).click();
    await page.getByRole('checkbox', { name: 'Send the list' }).waitFor({ state: 'detached' });
    await page.getByRole('group', { name: 'Which tasks' }).getByRole('button', { name: 'Done' }).click();
    await page.getByRole('checkbox', { name: 'Send the list', checked: true }).waitFor();
  });

  test('for anybody are taken, those for a colleague are told to them', async () => {
    await visit('tasks');
    await page.getByLabel('What is to be done').fill('Clean the list of tags');
    await page.getByLabel('Who does it').selectOption('Anybody');
    await page.getByRole('button', { name: 'Add task' }).click();
    await page.getByRole('button', { name: 'For anybody' }).click();
    await page.getByRole('button', { name: 'Take over “Clean the list of tags”' }).click();
    await page.getByText('No task waits for somebody to take it.').waitFor();
    await page.getByRole('button', { name: 'Mine' }).click();
    await page.getByRole('checkbox', { name: 'Clean the list of tags' }).waitFor();
    await page.getByLabel('What is to be done').fill('Call the school');
    await page.getByLabel('Who does it').selectOption('Alice');
    await page.getByRole('button', { name: 'Add task' }).click();
    await until(async () => (await call('GET', `/api/v1/tasks?owner=${alice.staff_id}`)).items.some((one) => one.title === 'Call the school'), 'her task');
  });
});

test('a manager adds followers of a ticket and takes them away', async () => {
  const followers = async () => (await call('GET', `/api/v1/tickets/${ticket.ticket_id}`)).followers.map((one) => one.name);
  await visit(`tickets/${ticket.ticket_id}`);
  await page.getByRole('combobox', { name: 'Add follower…' }).selectOption('Alice');
  await until(async () => (await followers()).includes('Alice'), 'Alice to follow');
  await page.getByRole('button', { name: 'Alice follows no more' }).click();
  await until(async () => !(await followers()).includes('Alice'), 'Alice to follow no more');
  await page.getByRole('button', { name: 'Alice follows no more' }).waitFor({ state: 'detached' });
});

describe('the order of rules', () => {
  const stored = async () => (await call('GET', '/api/v1/rules')).items.map((one) => one.name);
  let list;
  before(async () => {
    for (const name of ['First', 'Second', 'Third']) {
      await call('POST', '/api/v1/rules', { name, events: ['new'], match: 'all', conditions: [], actions: [{ do: 'tag', value: name.toLowerCase() }] });
    }
    await visit('settings/rules');
    list = page.getByRole('list', { name: 'Rules in their order' });
    await list.getByRole('heading', { name: 'Third' }).waitFor();
  });

  test('changes with Alt and an arrow key; the focus goes along and the new place is told', async () => {
    const before = await stored();
    const at = before.indexOf('Third');
    const edit = page.getByRole('button', { name: 'Edit Third' });
    await edit.focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByRole('status').filter({ hasText: `Third is now number ${at} of ${before.length}` }).waitFor();
    assert.equal((await stored()).indexOf('Third'), at - 1);
    await until(() => edit.evaluate((element) => element === document.activeElement), 'the focus to go along');
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByRole('status').filter({ hasText: `Third is now number ${at + 1} of ${before.length}` }).waitFor();
    assert.deepEqual(await stored(), before);
  });

  test('changes by dragging', async () => {
    const before = await stored();
    const row = (name) => list.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });
    await row('Third').locator('[draggable=true]').dragTo(row('First'));
    await until(async () => (await stored()).indexOf('Third') === before.indexOf('First'), 'the stored order');
  });
});

test('the handover report answers the four questions of an administrator', async () => {
  await visit('settings/handovers');
  const table = (name) => page.locator('section', { has: page.getByRole('heading', { name }) }).last();
  await table('How sure the decisions were').getByRole('row', { name: /^Handed over/ }).waitFor();
  await table('What customers ask for a person with').getByText('I want to speak with a human').waitFor();
  await table('The latest decisions').getByRole('row', { name: /I want to speak with a human.*Handed over/ }).first().waitFor();
  await table('Handed over in this period').getByRole('link', { name: '+971501234567' }).waitFor();
  await page.getByRole('button', { name: '7 days' }).click();
  await table('How sure the decisions were').getByRole('row', { name: /^Handed over/ }).waitFor();
});
