// The staff's side against the real server: from a customer's first word to the closed ticket.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { launchBrowser, signIn, startChat, startServer, sync } from './support.mjs';

let server;
let browser;
let admin;

before(async () => {
  server = await startServer();
  browser = await launchBrowser();
  admin = await signIn(server);
  await admin.call('PATCH', '/api/v1/me', { name: 'Sarah Johnson' });
  await admin.call('POST', '/api/v1/staff', {
    name: 'Alice',
    email: 'alice@example.org',
    password: 'another long password 9',
    role: 'agent',
    departments: ['reception', 'sales'],
    languages: ['en'],
    capacity: 5,
  });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Runs `body` with a signed-in dashboard; nothing may go wrong in the page meanwhile. */
async function visit(body, options) {
  const dashboard = await Dashboard.signedIn(browser, server, options);
  try {
    await body(dashboard);
  } finally {
    const trouble = await dashboard.close();
    assert.deepEqual(trouble, []);
  }
}

/** A customer who waits for staff. */
async function waiting(name, message = `I am ${name} and I need help`) {
  const chat = await startChat(server, { name, message });
  await chat.askForStaff();
  return chat;
}

describe('signing in', () => {
  test('a wrong password is refused, the right one is remembered over a reload', async () => {
    const dashboard = await Dashboard.open(browser, server);
    const { page } = dashboard;
    await page.getByLabel('E-mail').fill(server.adminEmail);
    await page.getByLabel('Password').fill('not the password');
    await dashboard.button('Sign in').click();
    await page.getByRole('alert').filter({ hasText: 'not right' }).waitFor();
    await page.getByLabel('Password').fill(server.adminPassword);
    await dashboard.button('Sign in').click();
    await page.getByRole('heading', { name: 'Waiting in queue' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Waiting in queue' }).waitFor();
    assert.equal(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })).then((text) => /ey[A-Za-z0-9]/.test(text)), false);
    await page.getByRole('button', { name: /Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    assert.deepEqual(await dashboard.close(), []);
  });
});

describe('a conversation', () => {
  test('arrives live, is taken over, answered, and closed; the customer sees the answer', async () => {
    await visit(async (dashboard) => {
      const { page } = dashboard;
      await page.getByRole('heading', { name: 'Waiting in queue' }).waitFor();
      const first = await sync(server, { user_id: 'user_789', user_name: 'John', message: 'I want to speak with a human', issue_type: 'education_scholarship' });
      const row = dashboard.row(first.conversation_id);
      await row.waitFor();
      assert.match(await row.innerText(), /John/);
      assert.match(await row.innerText(), /I want to speak with a human/);
      await until(async () => /Queue: [1-9]/.test(await dashboard.counts.innerText()), 'the header to count the queue');

      const chat = await waiting('Grace');
      await dashboard.row(chat.id).waitFor();
      await dashboard.openChat(chat.id);
      await dashboard.message('I am Grace and I need help').waitFor();
      await page.locator('.actions').getByRole('button', { name: 'Pick up' }).click();
      await dashboard.timeline.getByText('STAFF TAKES OVER HERE').waitFor();
      await dashboard.section('Your active conversations').locator(`[data-row="${chat.id}"]`).waitFor();

      await dashboard.write("Hello Grace, I'm Sarah from the Education team");
      await dashboard.message("I'm Sarah from the Education team").waitFor();
      await until(async () => (await chat.messages()).some((message) => message.role === 'staff' && message.sender === 'Sarah Johnson'), 'the customer to see the answer');

      await chat.say('Thank you for helping!');
      await dashboard.message('Thank you for helping!').waitFor();

      await dashboard.button('Close Ticket').click();
      await dashboard.dialog.getByLabel('Awaiting documents').check();
      await dashboard.dialog.getByLabel('Resolution', { exact: true }).fill('Provided alternative documents list');
      await dashboard.dialog.getByRole('button', { name: 'Resolve' }).click();
      await page.getByText('The chat with Grace is resolved').waitFor();
      const stored = await admin.call('GET', `/api/v1/conversations/${chat.id}`);
      assert.equal(stored.status, 'resolved');
      assert.equal(stored.outcome, 'awaiting_documents');
      assert.equal(stored.resolution, 'Provided alternative documents list');
      await until(async () => /Resolved Today: [1-9]/.test(await dashboard.counts.innerText()), 'the header to count the resolved chat');

      await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
      await dashboard.section('Your active conversations').locator(`[data-row="${chat.id}"]`).waitFor();
    });
  });

  test('is transferred to a department with a note', async () => {
    const chat = await waiting('James');
    await visit(async (dashboard) => {
      await dashboard.openChat(chat.id);
      await dashboard.page.locator('.actions').getByRole('button', { name: 'Pick up' }).click();
      await dashboard.button('Transfer to Another Staff').click();
      // The colleagues and departments are asked for when the dialog opens; Enter takes one that is there.
      await dashboard.page.keyboard.type('sales');
      await dashboard.dialog.getByRole('option', { name: 'Sales' }).first().waitFor();
      await dashboard.page.keyboard.press('Enter');
      await dashboard.dialog.getByLabel('Note for them').fill('Asks for a quote');
      await dashboard.dialog.getByRole('button', { name: 'Transfer' }).click();
      await dashboard.timeline.getByText('Transferred').waitFor();
      await dashboard.section('Waiting in queue').locator(`[data-row="${chat.id}"]`).waitFor();
    });
    const stored = await admin.call('GET', `/api/v1/conversations/${chat.id}`);
    assert.equal(stored.status, 'pending');
    assert.equal(stored.department.slug, 'sales');
  });

  test('is transferred to a person, who has it at once', async () => {
    const chat = await waiting('Mark');
    const alice = await Dashboard.signedIn(browser, server, { email: 'alice@example.org', password: 'another long password 9' });
    await visit(async (dashboard) => {
      await dashboard.openChat(chat.id);
      await dashboard.page.locator('.actions').getByRole('button', { name: 'Pick up' }).click();
      await dashboard.button('Transfer to Another Staff').click();
      await dashboard.dialog.getByRole('option', { name: /Alice/ }).click();
      await dashboard.dialog.getByRole('button', { name: 'Transfer' }).click();
      await dashboard.page.getByRole('status').getByText('Transferred to Alice').waitFor();
    });
    await alice.section('Your active conversations').locator(`[data-row="${chat.id}"]`).waitFor();
    await alice.openChat(chat.id);
    await alice.message('I am Mark and I need help').waitFor();
    assert.deepEqual(await alice.close(), []);
  });

  test('is taken from the assistant, held, and handed back', async () => {
    const chat = await startChat(server, { name: 'Peter', message: 'What are your opening hours?' });
    await visit(async (dashboard) => {
      const { page } = dashboard;
      await page.getByRole('button', { name: 'Assistant', exact: true }).click();
      await dashboard.openChat(chat.id);
      await page.locator('.actions').getByRole('button', { name: 'Take over' }).click();
      await dashboard.timeline.getByText('STAFF TAKES OVER HERE').waitFor();
      await dashboard.button('Put on hold').click();
      await dashboard.timeline.getByText('Put on hold').waitFor();
      await dashboard.button('Take off hold').click();
      await dashboard.timeline.getByText('Taken off hold').waitFor();
      await dashboard.button('More actions').click();
      await page.getByRole('menuitem', { name: 'Hand back to the assistant' }).click();
      await dashboard.timeline.getByText('Handed back to the assistant').waitFor();
      assert.equal((await chat.state()).handler, 'bot');
    });
  });

  test('is not there for an engineer unless it was escalated', async () => {
    const chat = await waiting('Farai');
    await admin.call('POST', `/api/v1/conversations/${chat.id}/takeover`, {});
    await admin.call('POST', '/api/v1/staff', { name: 'Mark', email: 'mark@example.org', password: 'a fourth long password 2', role: 'engineer' });
    await visit(async (dashboard) => {
      await dashboard.page.getByRole('heading', { name: 'Waiting in queue' }).waitFor();
      await dashboard.page.goto(`${server.url}/admin/c/${chat.id}`);
      // Only escalated conversations are theirs to see: this one is not there for them.
      await dashboard.page.getByText('There is no such chat').waitFor();
      assert.equal(await dashboard.page.getByRole('button', { name: 'Pick up' }).count(), 0);
    }, { email: 'mark@example.org', password: 'a fourth long password 2' });
  });

  test('keeps notes apart from replies and drafts on the server', async () => {
    const chat = await waiting('Lisa');
    await visit(async (dashboard) => {
      await dashboard.openChat(chat.id);
      await dashboard.page.getByRole('tab', { name: 'Note' }).click();
      await dashboard.write('Call her after five');
      await dashboard.timeline.locator('.note', { hasText: 'Call her after five' }).waitFor();
      // A slow answer to "Pick up": what is typed right after the click is a reply all the same.
      await dashboard.page.route('**/takeover', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 700));
        await route.continue();
      });
      await dashboard.page.locator('.actions').getByRole('button', { name: 'Pick up' }).click();
      await dashboard.composer.fill('A half-written answer');
      await dashboard.composer.blur();
      await until(
        async () => (await admin.call('GET', `/api/v1/conversations/${chat.id}`)).draft_reply?.body === 'A half-written answer',
        'the draft to be stored',
      );
    });
    assert.equal(JSON.stringify(await chat.messages()).includes('Call her'), false);
    await visit(async (dashboard) => {
      await dashboard.openChat(chat.id);
      await until(async () => (await dashboard.composer.inputValue()) === 'A half-written answer', 'the draft to come back');
    });
  });

  test('shows who else is looking and writing', async () => {
    const chat = await waiting('Tariq');
    await visit(async (dashboard) => {
      await dashboard.openChat(chat.id);
      await visit(async (colleague) => {
        await colleague.openChat(chat.id);
        await dashboard.page.getByRole('list', { name: 'Also looking at this chat' }).getByText('Alice').waitFor({ state: 'attached' });
        await colleague.page.locator('.actions').getByRole('button', { name: 'Pick up' }).click();
        await colleague.composer.pressSequentially('Hello Tariq');
        await dashboard.page.getByText('Alice is writing a reply').waitFor();
      }, { email: 'alice@example.org', password: 'another long password 9' });
    });
  });
});

describe('a break', () => {
  test('messages sent while the server restarts arrive once, and nothing is missed', async () => {
    const chat = await waiting('Nomsa');
    await visit(async (dashboard) => {
      const { page } = dashboard;
      await dashboard.openChat(chat.id);
      await page.locator('.actions').getByRole('button', { name: 'Pick up' }).click();
      await dashboard.timeline.getByText('STAFF TAKES OVER HERE').waitFor();
      await server.stop({ keep: true });
      await page.locator('.pill', { hasText: 'Connection lost.' }).waitFor();
      await dashboard.write('Sent into the break');
      await dashboard.timeline.getByText('Not sent.').waitFor();
      await server.start();
      await chat.say('Are you still there?');
      await dashboard.message('Are you still there?').waitFor({ timeout: 45_000 });
      await dashboard.message('Sent into the break').waitFor();
      await page.locator('.pill', { hasText: 'Connection lost.' }).waitFor({ state: 'detached' });
      assert.equal(await dashboard.timeline.getByText('Sent into the break').count(), 1);
      assert.equal((await chat.messages()).filter((message) => message.message === 'Sent into the break').length, 1);
    });
    admin = await signIn(server);
  });
});

describe('hands on the keyboard', () => {
  test('J and K walk, Enter opens, Esc goes back, the palette acts; letters are text while typing', async () => {
    await waiting('Peter');
    const chat = await waiting('Rudo');
    await visit(async (dashboard) => {
      const { page } = dashboard;
      await dashboard.row(chat.id).waitFor();
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'));
      await page.keyboard.press('j');
      const first = await focused();
      await page.keyboard.press('j');
      const second = await focused();
      assert.ok(first && second && first !== second);
      await page.keyboard.press('k');
      assert.equal(await focused(), first);
      await page.keyboard.press('Enter');
      await dashboard.timeline.waitFor();
      assert.ok(page.url().endsWith(first));
      await page.keyboard.press('n');
      await page.keyboard.type('jkrn?');
      assert.equal(await dashboard.composer.inputValue(), 'jkrn?');
      await dashboard.composer.fill('');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await until(async () => (await focused()) === first, 'Esc to lead back to the row');

      await dashboard.openChat(chat.id);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('pick');
      await page.keyboard.press('Enter');
      await dashboard.timeline.getByText('STAFF TAKES OVER HERE').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await dashboard.dialog.getByText('Keyboard shortcuts').waitFor();
      await page.keyboard.press('Escape');
      await dashboard.dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /Account of/ }).focus();
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Escape');
      await until(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.startsWith('Account of')), 'the focus to come back');
    });
  });
});

describe('alerts', () => {
  test('an urgent chat is announced and counted in the title', async () => {
    await visit(async (dashboard) => {
      await dashboard.section('Waiting in queue').waitFor();
      await sync(server, { user_id: 'user_55', user_name: 'Bob', priority: 'emergency', message: 'I need to talk to a human, the fever is not going down' });
      await dashboard.page.getByText('Urgent chat').waitFor();
      await until(async () => /^\(\d+\)/.test(await dashboard.page.title()), 'a count in the title');
      await dashboard.page.getByRole('link', { name: 'Open chat' }).click();
      await dashboard.message('the fever is not going down').waitFor();
      await dashboard.page.getByText('Urgent chat').waitFor({ state: 'detached' });
    });
  });
});

describe('in Arabic', () => {
  test('what the server itself says of a handover is in Arabic too', async () => {
    const chat = await waiting('Fatima', 'I want to speak with a human');
    await visit(async (dashboard) => {
      await dashboard.openChat(chat.id);
      await dashboard.page.getByText('تولَّ المحادثة، وعرّف بنفسك، وأجب عن آخر رسالة.').waitFor();
      const text = await dashboard.page.locator('body').innerText();
      assert.ok(/قال العميل: |طلب العميل التحدث مع موظف/.test(text), text);
      for (const english of ['The customer said', 'asked for a person', 'Take over']) assert.ok(!text.includes(english), english);
    }, { language: 'ar' });
  });
});

describe('settings', () => {
  test('a manager changes staff, but finds no way to an admin', async () => {
    const account = { name: 'Bob', email: 'bob@example.org', password: 'another long password 9', role: 'manager' };
    await admin.call('POST', '/api/v1/staff', account);
    await visit(async (dashboard) => {
      const { page, dialog } = dashboard;
      const row = (email) => page.getByRole('row', { name: new RegExp(email) });
      await row(server.adminEmail).waitFor();
      assert.equal(await row(server.adminEmail).getByRole('button').count(), 0);
      await row('alice@example.org').getByRole('button').click();
      await dialog.getByLabel('Role').waitFor();
      assert.deepEqual(await dialog.getByLabel('Role').locator('option').allInnerTexts(), ['Agent', 'Engineer', 'Manager']);
      await dialog.getByLabel('Name').fill('Alice B.');
      await dashboard.button('Save').click();
      await page.getByRole('cell', { name: /Alice B\. alice@/ }).waitFor();
      await row('bob@example.org').getByRole('button').click();
      await dialog.getByLabel('Name').waitFor();
      assert.equal(await dialog.getByLabel('Password').count(), 0, 'their own is changed in the profile');
    }, { path: 'settings/staff', email: account.email, password: account.password });
  });

  test('staff, departments and keys are made and changed', async () => {
    await visit(async (dashboard) => {
      const { page, dialog } = dashboard;
      await dashboard.button('Add staff').click();
      await dialog.getByLabel('Name').fill('Grace');
      await dialog.getByLabel('E-mail').fill('grace@example.org');
      await dialog.getByLabel('Password').fill('short');
      await dashboard.button('Save').click();
      await dialog.locator('[aria-invalid=true]').first().waitFor();
      await dialog.getByLabel('Password').fill('yet another password 3');
      await dashboard.button('Save').click();
      await page.getByRole('cell', { name: /grace@example.org/ }).waitFor();

      await page.getByRole('link', { name: 'Departments' }).click();
      await dashboard.button('Add department').click();
      await dialog.getByLabel('English name').fill('Scholarships');
      await dialog.getByLabel('Arabic name').fill('المنح الدراسية');
      await dialog.getByLabel('Short name').fill('scholarships');
      await dashboard.button('Save').click();
      await page.getByRole('heading', { name: 'Desk of Scholarships' }).waitFor();
      await page.getByRole('link', { name: 'All departments' }).click();
      await page.getByRole('cell', { name: 'scholarships', exact: true }).waitFor();

      await page.getByRole('link', { name: 'API keys' }).click();
      await dashboard.button('New API key').click();
      await dialog.getByLabel('Name').fill('Website bridge');
      await dashboard.button('Create key').click();
      const key = await dialog.getByLabel('API key').inputValue();
      assert.ok(key.length > 20);
      await dashboard.button('I have stored it').click();
      await page.getByRole('cell', { name: 'Website bridge', exact: true }).waitFor();
      assert.equal((await page.content()).includes(key), false);

      await page.getByRole('link', { name: 'Audit' }).click();
      await page.getByRole('cell', { name: 'staff.create' }).first().waitFor();
    }, { path: 'settings/staff' });
  });
});
