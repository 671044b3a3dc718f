// The admin screens in hands: each is set up with mouse or keyboard, and what is sent to the server is what was meant.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  analysis, categories, conversation, desk, integrations, macros, mail, outbox, quality, rules, skills, sla, templates, webhooks,
} from './admin-data.mjs';
import { intercept } from './admin-support.mjs';
import { Dashboard, until } from './dashboard-support.mjs';
import { launchBrowser, signIn, startChat, startServer } from './support.mjs';

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

/** Opens one settings page over the given answers; `script` gets the dashboard and the record of changes. */
async function visit(path, answers, script, options = {}) {
  const dashboard = await Dashboard.open(browser, server, { ...options, path: `settings/${path}` });
  if (options.permissions) {
    await dashboard.page.route('**/api/v1/me', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), permissions: options.permissions } });
    });
  }
  const asked = await intercept(dashboard.page, ...answers);
  await dashboard.signIn();
  await dashboard.page.locator('.settings main :is(h2, p)').first().waitFor();
  await script(dashboard, asked);
  assert.deepEqual(await dashboard.close(), []);
}

const sent = async (asked, method, path) => (await until(() => asked.find((one) => one[0] === method && one[1].startsWith(path)), `${method} ${path}`))[2];

describe('navigation', () => {
  test('finds a page by what is on it, and shows only what is permitted', async () => {
    await visit('profile', [], async ({ page }) => {
      const nav = page.getByRole('navigation', { name: 'Settings' });
      await nav.getByRole('link', { name: 'Webhooks' }).waitFor();
      await nav.getByRole('searchbox').fill('round robin');
      assert.deepEqual(await nav.getByRole('link').allInnerTexts(), ['Departments']);
      await nav.getByRole('searchbox').fill('nothing like it');
      await nav.getByText('No setting matches.').waitFor();
    });
    await visit('webhooks', [], async ({ page }) => {
      await page.getByText('Your role does not include this page.').waitFor();
      assert.deepEqual(await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allInnerTexts(), ['My profile', 'Templates', 'Macros', 'Knowledge base']);
    }, { permissions: ['template.read'] });
  });
});

describe('the desk of a department', () => {
  test('hours are changed with the keyboard, with the mouse and as text; one save sends them all', async () => {
    await visit('departments', [desk()], async ({ page }, asked) => {
      await page.getByRole('link', { name: 'Set up the desk of Sales' }).click();
      const closes = page.getByRole('slider', { name: 'Monday: closes' });
      await closes.first().focus();
      await page.keyboard.press('ArrowRight');
      await until(async () => (await closes.first().getAttribute('aria-valuetext')) === '13:15', 'a quarter of an hour later');
      await closes.last().focus();
      await page.keyboard.press('Delete');
      await until(async () => (await closes.count()) === 1, 'the afternoon to be gone');

      const track = page.getByRole('group', { name: 'Sunday' });
      await track.scrollIntoViewIfNeeded();
      const box = await track.boundingBox();
      await page.mouse.click(box.x + box.width * (10.2 / 24), box.y + box.height / 2);
      const sunday = page.getByRole('slider', { name: 'Sunday: closes' });
      const edge = await sunday.boundingBox();
      await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2);
      await page.mouse.down();
      await page.mouse.move(edge.x + edge.width / 2 + (box.width * 2) / 24, edge.y + 4, { steps: 4 });
      await page.mouse.up();
      assert.equal(await sunday.getAttribute('aria-valuetext'), '16:00');

      await page.getByRole('button', { name: 'Text', exact: true }).click();
      await page.getByLabel('From, Saturday').fill('10:30');
      await page.getByRole('radio', { name: 'In turn' }).check();
      await page.getByText('Unsaved changes').waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      const body = await sent(asked, 'PUT', '/departments/sales/desk');
      assert.equal(body.assignment, 'round_robin');
      assert.deepEqual(body.hours.filter((span) => span.day === 1), [{ day: 1, from: '08:00', to: '13:15' }]);
      assert.deepEqual(body.hours.filter((span) => span.day > 5), [{ day: 6, from: '10:30', to: '12:00' }, { day: 7, from: '10:00', to: '16:00' }]);
      await page.getByText('The desk of Sales is set up').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    });
  });

  test('in Arabic the day runs from right to left, under hand and key', async () => {
    await visit('departments/sales', [desk()], async ({ page }) => {
      const opens = page.getByRole('slider', { name: 'السبت: يفتح' });
      await opens.focus();
      await page.keyboard.press('ArrowLeft');
      assert.equal(await opens.getAttribute('aria-valuetext'), '09:15');
      const track = await page.getByRole('group', { name: 'السبت' }).boundingBox();
      const handle = await opens.boundingBox();
      assert.ok(Math.abs(track.x + track.width - (handle.x + handle.width) - track.width * (9.25 / 24)) < 2);
    }, { language: 'ar' });
  });

  test('whoever may not change it sees it without a save', async () => {
    await visit('departments/sales', [desk()], async ({ page }) => {
      await page.getByText('You may look at this page.').waitFor();
      await page.getByRole('radio', { name: 'In turn' }).waitFor();
      assert.equal(await page.getByRole('radio', { name: 'In turn' }).isDisabled(), true);
      assert.equal(await page.getByRole('button', { name: 'Save' }).count(), 0);
    }, { permissions: ['desk.read'] });
  });
});

describe('people and categories', () => {
  test('skills are sent after the person, and only when they changed', async () => {
    await visit('staff', [desk(), skills()], async ({ page, dialog }, asked) => {
      await page.getByRole('button', { name: 'Edit Admin' }).click();
      await dialog.getByLabel('Skill').first().waitFor();
      await dialog.getByRole('button', { name: 'Add skill' }).click();
      await dialog.getByLabel('Skill', { exact: true }).last().fill('Arabic');
      await dialog.getByLabel('Level').last().selectOption('5');
      await dialog.getByRole('button', { name: 'Save' }).click();
      const body = await sent(asked, 'PUT', '/staff/');
      assert.deepEqual(body, { skills: [{ skill: 'scholarships', level: 4 }, { skill: 'Shona', level: 5 }, { skill: 'Arabic', level: 5 }], weight: 2 });
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Edit Admin' }).click();
      await dialog.getByLabel('Skill').first().waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      assert.equal(asked.filter(([method]) => method === 'PUT').length, 1);
    });
  });

  test('a category is made with words of both languages', async () => {
    await visit('categories', [categories()], async ({ page, dialog }, asked) => {
      await page.getByRole('button', { name: 'Add category' }).click();
      await dialog.getByLabel('English name').fill('Visas');
      await dialog.getByLabel('Arabic name').fill('التأشيرات');
      await dialog.getByLabel('Short name').fill('visas');
      await dialog.getByLabel('English words').fill('visa, passport');
      await dialog.getByLabel('English words').press('Enter');
      await dialog.getByLabel('Arabic words').fill('تأشيرة');
      await dialog.getByRole('button', { name: 'Save' }).click();
      assert.deepEqual(await sent(asked, 'POST', '/categories'), {
        slug: 'visas', name_en: 'Visas', name_ar: 'التأشيرات', department: '', keywords_en: ['visa', 'passport'], keywords_ar: ['تأشيرة'],
      });
      await page.getByRole('cell', { name: 'Visas visas' }).waitFor();
    });
  });
});

describe('rules', () => {
  test('a rule is written, refused where it is wrong, mended and stored', async () => {
    await visit('rules', [...rules(), categories()], async ({ page, dialog }, asked) => {
      await page.getByRole('button', { name: 'Add rule' }).click();
      await dialog.getByLabel('Name of the rule').fill('Late customers');
      await dialog.getByRole('button', { name: 'Add condition' }).click();
      const second = dialog.getByRole('group', { name: 'Condition 2' });
      await second.getByLabel('Field').selectOption('minutes_waiting');
      await second.getByLabel('Value').fill('12');
      const first = dialog.getByRole('group', { name: 'Condition 1' });
      await first.getByLabel('Value').fill('waiting');
      await first.getByLabel('Value').press('Enter');
      const action = dialog.getByRole('group', { name: 'Action 1' });
      await dialog.getByRole('button', { name: 'Save' }).click();
      await action.getByText('Fill this in.').waitFor();
      await action.getByLabel('Value').selectOption('sales');
      await dialog.getByText(/if the text has any of “waiting” and the wait in minutes is at least 12: move to the department Sales/).waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Late customers' }).waitFor();
      const [, stored] = asked.filter(([method, path]) => method === 'POST' && path === '/rules');
      assert.deepEqual(stored[2], {
        name: 'Late customers', events: ['message'], match: 'all',
        conditions: [{ field: 'text', op: 'has_any', value: ['waiting'] }, { field: 'minutes_waiting', op: 'at_least', value: 12 }],
        actions: [{ do: 'department', value: 'sales' }], stop: false, active: true,
      });
    });
  });

  test('order and switch act at once; the focus stays with the rule', async () => {
    await visit('rules', [...rules(), categories()], async ({ page }, asked) => {
      const names = () => page.getByRole('list', { name: 'Rules in their order' }).getByRole('heading').allInnerTexts();
      const button = page.getByRole('button', { name: 'Move Sales words: to sales up' });
      await button.focus();
      await page.keyboard.press('Enter');
      await until(async () => (await names())[1] === 'Sales words: to sales', 'the rule to be second');
      // The page shows a change at once; what it asks of the server comes after that.
      await until(() => asked.length >= 2, 'both changes');
      assert.deepEqual(asked.map(([, path, body]) => [path, body.position]), [['/rules/RULE-3', 20], ['/rules/RULE-2', 30]]);
      await until(() => button.evaluate((element) => element === document.activeElement), 'the focus to follow');
      await page.getByRole('switch', { name: 'Nothing matched: to reception: on' }).check();
      await until(() => asked.length >= 3, 'the switch');
      assert.deepEqual(asked.at(-1), ['PATCH', '/rules/RULE-4', { active: true }]);
    });
  });

  test('"try it" says which rule matched, and of the others which condition failed and why', async () => {
    await visit('rules', [...rules(), categories()], async ({ page }, asked) => {
      await page.getByLabel('A customer’s message').fill('What is the price?');
      await page.keyboard.press('Control+Enter');
      const trace = page.locator('.trace');
      await trace.getByText('1 rule matched').waitFor();
      await trace.getByText('move to the department Sales').waitFor();
      await trace.getByText('severity is low').first().waitFor();
      await trace.getByText('an earlier rule ended the list').waitFor();
      assert.deepEqual(asked.at(-1), ['POST', '/rules/try', { text: 'What is the price?', event: 'message' }]);
    });
  });
});

describe('SLA policies', () => {
  test('the most specific that fits is marked; one is added', async () => {
    await visit('sla', [...sla(), categories()], async ({ page, dialog }, asked) => {
      await page.getByText('“Normal” holds').waitFor();
      const which = page.getByRole('group', { name: 'Which one holds for' });
      await which.getByLabel('Department').selectOption('sales');
      await which.getByLabel('Priority').selectOption('high');
      await page.getByText('“Sales, urgent” holds: it fits and is the most specific.').waitFor();
      assert.match(await page.locator('tr.wins').innerText(), /Sales, urgent/);
      await page.getByRole('button', { name: 'Add policy' }).click();
      await dialog.getByLabel('Name').fill('Complaints in sales');
      await dialog.getByLabel('Department', { exact: true }).selectOption('sales');
      await dialog.getByLabel('Category').selectOption('complaint');
      await dialog.getByLabel('First response (minutes)').fill('90');
      await dialog.getByText('1 h 30 min').waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      assert.deepEqual(await sent(asked, 'POST', '/sla-policies'), {
        name: 'Complaints in sales', department: 'sales', category: 'complaint', priority: null,
        first_response_minutes: 90, resolution_minutes: 480, reminder_minutes: 30, business_hours: true, active: true,
      });
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Delete Normal' }).click();
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('Normal was deleted').waitFor();
    });
  });
});

describe('content', () => {
  test('a template gets its places at the cursor and shows how it reads', async () => {
    await visit('templates', [templates()], async ({ page, dialog }, asked) => {
      await page.getByRole('searchbox', { name: 'Search templates' }).fill('/bye');
      await page.getByRole('searchbox', { name: 'Search templates' }).fill('bye');
      await page.getByRole('cell', { name: /Goodbye/ }).first().waitFor();
      assert.equal(await page.getByRole('cell', { name: /Missing documents/ }).count(), 0);
      await page.getByRole('button', { name: 'Add template' }).click();
      await dialog.getByLabel('Name').fill('Welcome');
      await dialog.getByLabel('Shortcut').fill('two words');
      const english = dialog.getByLabel('English text');
      await english.fill('Hello !');
      await english.press('ArrowLeft');
      await dialog.getByRole('button', { name: 'customer’s first name' }).click();
      assert.equal(await english.inputValue(), 'Hello {{customer.first_name}}!');
      await english.press('End');
      await english.pressSequentially(' {{nonsense}}');
      const preview = dialog.getByRole('region', { name: 'Preview' });
      await preview.getByText('Not known: {{nonsense}}').waitFor();
      assert.match(await preview.innerText(), /Hello John!/);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('must be one word without a slash').waitFor();
      await dialog.getByLabel('Shortcut').fill('/welcome');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      assert.deepEqual(asked.at(-1)[2], { name: 'Welcome', shortcut: 'welcome', body_en: 'Hello {{customer.first_name}}! {{nonsense}}', body_ar: '', department: '', tags: [] });
    });
  });

  test('a macro is put together of steps in an order', async () => {
    await visit('macros', [macros(), templates(), categories()], async ({ page, dialog }, asked) => {
      await page.getByText('Template: Missing documents').waitFor();
      await page.getByRole('button', { name: 'Edit Wait for documents' }).click();
      await dialog.getByRole('button', { name: 'Add step' }).click();
      const fourth = dialog.getByRole('listitem', { name: 'Step 4' });
      await fourth.getByLabel('What to do').selectOption('priority');
      await fourth.getByLabel('Value').selectOption('low');
      await dialog.getByRole('button', { name: 'Move Step 4 up' }).click();
      await dialog.getByRole('button', { name: 'Remove Step 2' }).click();
      await dialog.getByRole('button', { name: 'Save' }).click();
      assert.deepEqual((await sent(asked, 'PATCH', '/macros/MAC-1')).steps, [{ do: 'send', value: 'template:docs' }, { do: 'priority', value: 'low' }, { do: 'status', value: 'on_hold' }]);
    });
  });

  test('a text is analysed, with the reason beside each finding', async () => {
    await visit('understanding', [analysis(), categories()], async ({ page }, asked) => {
      await page.getByLabel('Text', { exact: true }).fill('This is unacceptable');
      await page.getByLabel('Country for telephone numbers').fill('zw');
      await page.getByRole('button', { name: 'Analyse' }).click();
      const row = page.getByRole('row', { name: /Sentiment/ });
      await row.getByText('negative (-0.72)').waitFor();
      await row.getByText('“unacceptable”, “nobody answers”').waitFor();
      await page.getByRole('row', { name: /Telephone/ }).getByText('+263772123456 (ZW)').waitFor();
      assert.deepEqual(asked[0][2], { text: 'This is unacceptable', default_country: 'ZW' });
    });
  });
});

describe('connections', () => {
  test('the secret of a webhook is shown once; deliveries are read and sent again', async () => {
    await visit('webhooks', webhooks(), async ({ page, dialog }, asked) => {
      await page.getByRole('button', { name: 'Add webhook' }).click();
      await dialog.getByLabel('Address').fill('http://plain.example.org');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('must begin with https://').waitFor();
      await dialog.getByLabel('Address').fill('https://new.example.org/in');
      await dialog.getByLabel('A ticket is opened').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      const secret = await dialog.getByLabel('Secret').inputValue();
      assert.match(secret, /^whsec_/);
      assert.deepEqual(asked.at(-1)[2], { url: 'https://new.example.org/in', events: ['message.new', 'ticket.new'], active: true });
      await dialog.getByRole('button', { name: 'I have stored it' }).click();
      await dialog.waitFor({ state: 'detached' });
      assert.equal((await page.content()).includes(secret), false);

      await page.getByRole('button', { name: 'New secret for https://crm.example.org/hooks/chat' }).click();
      await dialog.getByRole('button', { name: 'New secret', exact: true }).click();
      await until(async () => (await dialog.getByLabel('Secret').inputValue()).startsWith('whsec_bmV3'), 'the new secret');
      await dialog.getByRole('button', { name: 'I have stored it' }).click();

      await page.getByRole('link', { name: 'Deliveries to https://crm.example.org/hooks/chat' }).click();
      await page.getByText('conversation.new').click();
      await page.getByText('connection refused').last().waitFor();
      await page.getByRole('button', { name: /Send again: message.new/ }).first().click();
      await page.getByRole('status').getByText('Sent again').waitFor();
      assert.equal(asked.at(-1)[1], '/webhook-deliveries/DLV-3/replay');
    });
  });

  test('a channel is connected and its test followed until it arrived', async () => {
    await visit('integrations', integrations(), async ({ page, dialog }, asked) => {
      await page.getByRole('button', { name: 'Edit #support' }).click();
      await dialog.getByLabel('Tickets').check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      const body = await sent(asked, 'PATCH', '/integrations/INT-1');
      assert.deepEqual({ ...body, events: body.events.sort() }, { name: '#support', events: ['handover', 'sla', 'ticket'] });
      await page.getByRole('button', { name: 'Send a test to #support' }).click();
      await page.getByText('The test has arrived at #support').waitFor();
    });
  });

  test('mail says how it stands; what was given up is tried again', async () => {
    await visit('mail', mail(), async ({ page }, asked) => {
      await page.getByText('Mail is sent through smtp.example.org').waitFor();
      await page.getByLabel('To', { exact: true }).fill('grace@example.org');
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      assert.deepEqual(await sent(asked, 'POST', '/mail/test'), { to: 'grace@example.org' });
    });
    await visit('outbox', outbox(), async ({ page }, asked) => {
      await page.getByText('mailbox unavailable').waitFor();
      await page.getByRole('button', { name: 'Try again: A ticket is overdue, grace@example.org' }).click();
      await page.getByText('mailbox unavailable').waitFor({ state: 'detached' });
      assert.equal(asked[0][1], '/outbox/OUT-4/retry');
    });
  });
});

describe('a supervisor', () => {
  let chat;
  let done;

  before(async () => {
    const { call } = await signIn(server);
    const colleague = await call('POST', '/api/v1/staff', { name: 'Alice', email: 'alice@example.org', password: 'another long password 9', role: 'agent' });
    chat = await startChat(server, { name: 'John', message: 'I need help with my scholarship' });
    await chat.askForStaff();
    await call('POST', `/api/v1/conversations/${chat.id}/assignment`, { staff_id: colleague.staff_id });
    done = await startChat(server, { name: 'Ahmed', message: 'Thanks' });
    await done.askForStaff();
    await call('POST', `/api/v1/conversations/${done.id}/takeover`, {});
    await call('POST', `/api/v1/conversations/${done.id}/resolution`, { outcome: 'solved' });
  });

  async function open(id, answers, script) {
    const dashboard = await Dashboard.open(browser, server, { path: `c/${id}` });
    const asked = await intercept(dashboard.page, ...answers);
    await dashboard.signIn();
    await dashboard.page.getByRole('complementary', { name: 'Details' }).waitFor();
    await script(dashboard, asked);
    assert.deepEqual(await dashboard.close(), []);
  }

  test('reads why the chat is where it is: who was considered and why not', async () => {
    await open(chat.id, conversation(), async ({ page }) => {
      const why = page.getByRole('region', { name: 'Why here' });
      await why.getByText('Assigned: Alice').waitFor();
      await why.getByText('4 people were considered').waitFor();
      assert.match(await why.getByRole('listitem').filter({ hasText: 'Grace' }).innerText(), /lacks the skill scholarships/);
      await why.getByText('Earlier decisions').click();
      await why.getByText('1 of 4 rules matched').waitFor();
    });
  });

  test('looks on, whispers, and joins without taking the chat away', async () => {
    await open(chat.id, conversation(), async ({ page, timeline, composer, dialog }, asked) => {
      const panel = page.getByRole('region', { name: 'Supervise' });
      await panel.getByText('Also watching: Grace').waitFor();
      await panel.getByRole('switch', { name: 'Watch silently' }).click();
      await panel.getByText('Nobody is shown that you are here.').waitFor();
      const box = panel.getByLabel('Whisper to Alice');
      await box.fill('Offer the letter template');
      await box.press('Enter');
      await timeline.getByRole('complementary', { name: /^Whisper from a supervisor/ }).getByText('Offer the letter template').waitFor();
      assert.equal(await box.inputValue(), '');
      assert.equal(await composer.count(), 0);
      await panel.getByRole('button', { name: 'Barge in' }).click();
      await dialog.getByRole('button', { name: 'Barge in' }).click();
      await panel.getByText('You write beside Alice.').waitFor();
      await composer.waitFor();
      await panel.getByRole('button', { name: 'Leave' }).click();
      await composer.waitFor({ state: 'detached' });
      assert.deepEqual(asked.map(([method, path]) => `${method} ${path.split('/').at(-1)}`), ['POST watch', 'POST whisper', 'POST barge', 'DELETE barge']);
    });
  });

  test('reviews a finished chat and keeps it as an example', async () => {
    await open(done.id, quality(), async ({ page, dialog }, asked) => {
      const panel = page.getByRole('region', { name: 'Reviews' });
      await panel.getByText('Grace on Alice').waitFor();
      await panel.getByRole('button', { name: 'Review this chat' }).click();
      await dialog.getByRole('group', { name: /Greets/ }).getByRole('radio', { name: '5 of 5' }).check({ force: true });
      await dialog.getByRole('button', { name: 'Save review' }).click();
      await dialog.getByText('Give each criterion a score.').waitFor();
      await dialog.getByRole('group', { name: /Understands/ }).getByRole('radio', { name: '3 of 5' }).check({ force: true });
      await dialog.getByRole('group', { name: /Answers/ }).getByRole('radio', { name: '4 of 5' }).check({ force: true });
      await dialog.getByText('77 of 100').waitFor();
      await dialog.getByRole('button', { name: 'Save review' }).click();
      assert.deepEqual(await sent(asked, 'POST', '/reviews'), {
        conversation_id: done.id, scorecard_id: 'SCC-1', scores: { greeting: 5, understanding: 3, accuracy: 4 }, comment: '',
      });
      await dialog.waitFor({ state: 'detached' });
      await panel.getByRole('button', { name: 'Keep as a training example' }).click();
      await dialog.getByLabel('What can be learned from it').fill('How to thank');
      await dialog.getByRole('button', { name: 'Keep' }).click();
      await page.getByText('Kept as a training example').waitFor();
      assert.deepEqual(asked.at(-1)[2], { note: 'How to thank' });
    });
  });
});

describe('quality', () => {
  test('a scorecard gets a criterion; its share of the total is seen', async () => {
    await visit('scorecards', quality(), async ({ page, dialog }, asked) => {
      await page.getByRole('button', { name: 'Edit Conversation quality' }).click();
      await dialog.getByRole('button', { name: 'Add criterion' }).click();
      const last = dialog.getByRole('listitem', { name: 'Criterion 4' });
      await last.getByLabel('English name').fill('Friendly and clear');
      await last.getByLabel('Arabic name').fill('أسلوب ودود');
      await last.getByLabel('Weight').fill('4');
      await last.getByText('40 % of the total').waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      const { criteria } = await sent(asked, 'PATCH', '/scorecards/SCC-1');
      assert.deepEqual(criteria.at(-1), { id: 'friendly_and_clear', label_en: 'Friendly and clear', label_ar: 'أسلوب ودود', weight: 4, scale: 5 });
    });
  });

  test('a candidate becomes a draft, another is put aside; runs are figures with a picture', async () => {
    await visit('learning', quality(), async ({ page }, asked) => {
      const blocks = page.locator('main .block');
      await blocks.nth(1).waitFor();
      assert.match(await page.locator('main table').first().innerText(), /412[\s\S]*73\s?%[\s\S]*92\s?%/);
      assert.match(await page.locator('main table').nth(1).innerText(), /126/);
      await page.getByRole('button', { name: 'Make it a draft: How can I send my transcript to you?' }).click();
      await page.getByText('It is a draft in the knowledge base now.').waitFor();
      await sent(asked, 'POST', '/faq-candidates/FAQ-1/approve');
      await page.getByRole('button', { name: /^Put aside/ }).click();
      await page.getByText('There is no candidate.', { exact: false }).waitFor();
      await sent(asked, 'POST', '/faq-candidates/FAQ-2/reject');
    });
  });

  test('months are a picture and a table; judges who differ come first; an example is read', async () => {
    await visit('reviews', quality(), async ({ page }) => {
      await page.getByRole('img', { name: /Averages of Alice, month by month: Apr 26 62/ }).waitFor();
      await page.getByText('As a table').first().click();
      await page.getByRole('row', { name: /Jul 26/ }).first().getByText('–').waitFor();
      await page.getByText('falling: 1.2 points a month').waitFor();
    });
    await visit('calibration', quality(), async ({ page }) => {
      await page.getByText('24 points apart').waitFor();
      await page.getByText('stricter by 12').waitFor();
    });
    await visit('examples', quality(), async ({ page }) => {
      await page.getByText('Show the chat').click();
      await page.getByText('one paper is still missing').waitFor();
    });
  });
});
