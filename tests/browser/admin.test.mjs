// The admin screens in hands: each is set up with mouse or keyboard, and what is sent to the server is what was meant.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { categories, desk, rules, skills, sla } from './admin-data.mjs';
import { intercept } from './admin-support.mjs';
import { Dashboard, until } from './dashboard-support.mjs';
import { launchBrowser, startServer } from './support.mjs';

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
      assert.deepEqual(await page.getByRole('navigation', { name: 'Settings' }).getByRole('link').allInnerTexts(), ['My profile', 'Templates', 'Macros']);
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
      await action.getByText('value must have 1 to 500 characters').waitFor();
      await action.getByLabel('Value').selectOption('sales');
      await dialog.getByText(/if the text has any of “waiting” and the wait in minutes is at least 12: move to the department Sales/).waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'Late customers' }).waitFor();
      const [, stored] = asked.filter(([method, path]) => method === 'POST' && path === '/rules');
      assert.deepEqual(stored[2], {
        name: 'Late customers', events: ['new', 'message'], match: 'all',
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
      assert.deepEqual(asked.map(([, path, body]) => [path, body.position]), [['/rules/RULE-3', 20], ['/rules/RULE-2', 30]]);
      await until(() => button.evaluate((element) => element === document.activeElement), 'the focus to follow');
      await page.getByRole('switch', { name: 'Nothing matched: to reception: on' }).check();
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
      assert.deepEqual(asked.at(-1), ['POST', '/rules/try', { text: 'What is the price?' }]);
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
