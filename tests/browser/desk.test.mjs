// The areas, customers, search, notifications, templates and offers: what the pages do with the desk's answers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { deskState, fakeDesk } from './desk-fakes.mjs';
import { browser, called, chat, me, server, slow, visit } from './desk-support.mjs';
import { axe } from './support.mjs';

describe('the areas', () => {
  test('lead to their pages by pointer and by keyboard, and mark where one is', async () => {
    await visit('', async ({ page }) => {
      const rail = page.getByRole('navigation', { name: 'Areas' });
      await rail.getByRole('link', { name: 'Tickets' }).click();
      await page.getByRole('link', { name: /Where is my parcel/ }).waitFor();
      assert.equal(await rail.getByRole('link', { name: 'Tickets' }).getAttribute('aria-current'), 'page');
      await rail.getByRole('link', { name: 'Inbox' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Waiting in queue' }).waitFor();
      await page.goBack();
      await page.getByRole('link', { name: /Where is my parcel/ }).waitFor();
    });
  });

  test('without a right there is no door', async () => {
    const state = deskState({ me });
    const dashboard = await Dashboard.open(browser, server);
    await fakeDesk(dashboard.page, state);
    await dashboard.page.route('**/api/v1/me', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), permissions: ['signed_in', 'conversation.read'] } });
    });
    await dashboard.signIn();
    const names = await dashboard.page.getByRole('navigation', { name: 'Areas' }).getByRole('link').allInnerTexts();
    assert.deepEqual(names.map((name) => name.match(/[A-Z]\w+/)[0]), ['Inbox', 'Settings']);
    assert.deepEqual(await dashboard.close(), []);
  });
});

describe('notifications', () => {
  test('are counted, read one by one and all at once, acknowledged, and lead to what they are about', async () => {
    await visit('', async ({ page, dashboard, state }) => {
      await page.getByRole('button', { name: 'Notifications, 2 unread' }).click();
      await dashboard.dialog.getByRole('button', { name: 'I have it' }).click();
      await dashboard.dialog.getByText('Taken care of').waitFor();
      assert.equal(called(state, 'POST', '/notifications/NTF-3/acknowledgement').length, 1);
      await dashboard.dialog.getByRole('button', { name: 'Mark all as read' }).click();
      await until(() => called(state, 'PUT', '/notifications/read').length, 'the mark');
      assert.deepEqual(called(state, 'PUT', '/notifications/read')[0].body, { up_to: 'NTF-3' });
      await dashboard.dialog.getByRole('link', { name: 'A ticket is overdue' }).click();
      await page.getByRole('heading', { name: 'مشكلة في التسليم' }).waitFor();
      await page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
    });
  });

  test('come live: counted, shown when they matter, and told through the browser when asked for', async () => {
    await visit('', async ({ page, dashboard, emit }) => {
      await page.getByRole('button', { name: 'Notifications, 2 unread' }).waitFor();
      const one = { notification_id: 'NTF-9', kind: 'sla', level: 'warning', title: 'A clock runs out', body: '', at: new Date().toISOString(), read_at: null, conversation_id: null, ticket_id: 'TKT_20260105_AB01' };
      await emit({ type: 'notification', data: one });
      await page.getByRole('button', { name: 'Notifications, 3 unread' }).waitFor();
      await page.getByText('A clock runs out').first().waitFor();
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByRole('heading', { name: 'Where is my parcel?' }).waitFor();
      await page.getByRole('button', { name: 'Notifications, 2 unread' }).click();
      await dashboard.dialog.getByRole('button', { name: 'Not now' }).click();
      await dashboard.dialog.getByRole('button', { name: 'Not now' }).waitFor({ state: 'detached' });
    });
  });

  test('one that comes while the list is on its way is not lost', async () => {
    await visit('', async ({ page, dashboard, emit }) => {
      await page.getByRole('button', { name: 'Notifications, 2 unread' }).click();
      const read = dashboard.dialog.getByText('Alice wrote a note');
      await read.waitFor();
      const late = await slow(page, '**/api/v1/notifications?*unread=true*');
      await dashboard.dialog.getByRole('button', { name: 'Unread', exact: true }).click();
      await late.asked;
      await emit({ type: 'notification', data: { notification_id: 'NTF-9', kind: 'mention', level: 'info', title: 'Bob wrote a note', body: '', at: new Date().toISOString(), read_at: null, conversation_id: chat.id, ticket_id: null } });
      await dashboard.dialog.getByText('Bob wrote a note').waitFor();
      late.answer();
      await read.waitFor({ state: 'detached' });
      assert.equal(await dashboard.dialog.getByText('Bob wrote a note').count(), 1);
      await dashboard.page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Notifications, 3 unread' }).waitFor();
    });
  });

  test('are chosen by kind and way, and kept quiet at night', async () => {
    await visit('settings/notifications', async ({ page, state }) => {
      await page.getByRole('checkbox', { name: 'A chat is passed to me: E-mail' }).check();
      await until(() => state.preferences.kinds.assigned.mail, 'the choice');
      await page.getByRole('checkbox', { name: 'Keep quiet every day' }).uncheck();
      await until(() => state.preferences.quiet_from === '', 'the quiet hours');
    });
  });
});

describe('customers', () => {
  test('are found, opened, edited and made VIP', async () => {
    await visit('customers', async ({ page, dashboard, state }) => {
      await page.getByRole('searchbox', { name: 'Search customers' }).fill('ahmad');
      await until(async () => (await page.locator('[data-row]').count()) === 1, 'one customer');
      await page.locator('[data-row]').click();
      await page.getByRole('heading', { name: 'أحمد' }).waitFor();
      await page.getByRole('button', { name: 'Make VIP' }).click();
      await page.getByRole('button', { name: 'VIP; make an ordinary customer' }).waitFor();
      await page.getByRole('button', { name: 'Edit customer' }).click();
      await dashboard.dialog.getByLabel('Company').fill('Harbour Ltd');
      await dashboard.dialog.getByRole('button', { name: 'Add field' }).click();
      await dashboard.dialog.getByLabel('Name of the field').last().fill('plan');
      await dashboard.dialog.getByLabel('Value of plan').fill('gold');
      await dashboard.dialog.getByLabel('May be sent offers').check();
      await dashboard.dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Harbour Ltd').first().waitFor();
      assert.deepEqual(called(state, 'PATCH', '/contacts/CUST-2').at(-1).body, { company: 'Harbour Ltd', custom: { plan: 'gold' }, consent: { marketing: true } });
    });
  });

  test('have a story to add to, tasks to finish and a lead to move on', async () => {
    await visit('customers/CUST-1', async ({ page, state }) => {
      await page.getByText('Called back, no answer.').waitFor();
      await page.getByLabel('Kind of activity').selectOption('meeting');
      await page.getByLabel('What happened outside the chat').fill('Met at the fair');
      await page.getByRole('button', { name: 'Write it down' }).click();
      await page.getByText('Met at the fair').waitFor();
      await page.getByRole('checkbox', { name: 'Call about the parcel' }).check();
      await until(() => state.tasks[0].done_at, 'the finished task');
      await page.getByRole('button', { name: 'Add task' }).click();
      await page.getByLabel('What is to be done').fill('Write to the depot');
      await page.getByRole('button', { name: 'Add task' }).last().click();
      await page.getByRole('checkbox', { name: 'Write to the depot' }).waitFor();
      await page.getByLabel('Status').selectOption('won');
      await until(() => state.contacts[0].lead.status === 'won', 'the lead');
    });
  });

  test('who are here twice are merged after a look at what it does, and taken apart again', async () => {
    await visit('customers/CUST-1', async ({ page, dashboard, state }) => {
      await page.getByRole('button', { name: 'Merge with John S.' }).click();
      await dashboard.dialog.getByText('1 chats').waitFor();
      await dashboard.dialog.getByText('Different names').waitFor();
      assert.equal(called(state, 'POST', '/contacts/CUST-1/merge').at(-1).body.preview, true);
      await dashboard.dialog.getByRole('button', { name: 'Merge', exact: true }).click();
      await page.getByText('John S. was merged').waitFor();
      await page.getByRole('button', { name: 'Merge with John S.' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('button', { name: 'Merge with John S.' }).waitFor();
    });
  });

  test('stand beside their chat with what else is under way', async () => {
    await visit(`c/${chat.id}`, async ({ page }) => {
      const card = page.locator('section', { has: page.getByRole('heading', { name: 'Contact', exact: true }) });
      await card.getByRole('link', { name: 'Where is my parcel?' }).waitFor();
      await card.getByRole('link', { name: 'Good morning' }).waitFor();
      await card.getByRole('checkbox', { name: 'Call about the parcel' }).waitFor();
      await card.getByRole('link', { name: 'John', exact: true }).click();
      await page.getByText('Called back, no answer.').waitFor();
    }, { width: 1500 });
  });
});

describe('the search over everything', () => {
  test('shows what was found in its words, by kind, and leads there', async () => {
    await visit('search', async ({ page, state }) => {
      await page.getByRole('searchbox', { name: 'Search everything' }).fill('scholarship');
      const results = page.getByRole('list', { name: 'Results' });
      await until(async () => (await results.getByRole('link').count()) === 4, 'four hits');
      assert.deepEqual(await results.locator('mark').allInnerTexts(), Array(4).fill('scholarship'));
      await page.waitForURL(/search\?q=scholarship$/);
      await page.getByRole('button', { name: 'Tickets', exact: true }).click();
      await until(async () => (await results.getByRole('link').count()) === 1, 'one hit');
      assert.equal(called(state, 'GET', '/search').at(-1).query.types, 'tickets');
      await results.getByRole('link').click();
      await page.getByRole('heading', { name: 'Where is my parcel?' }).waitFor();
      await page.goBack();
      await results.getByRole('link').waitFor();
    });
  });

  test('goes on when a page is short or empty, and offers to when many are', async () => {
    await visit('search', async ({ page, state }) => {
      await page.getByRole('searchbox', { name: 'Search everything' }).fill('scholarship');
      const results = page.getByRole('list', { name: 'Results' });
      await until(async () => (await results.getByRole('link').count()) === 4, 'what comes after empty pages');
      assert.equal(called(state, 'GET', '/search').length, 4);
      state.emptySearchPages = 11;
      await page.getByRole('button', { name: 'Tickets', exact: true }).click();
      await page.getByText('Nothing was found in the newest part.').waitFor();
      await page.getByRole('button', { name: 'Look further back' }).click();
      await until(async () => (await results.getByRole('link').count()) === 1, 'the one far back');
      assert.equal(await page.getByRole('button', { name: 'Look further back' }).count(), 0);
    }, { change: (state) => (state.emptySearchPages = 3) });
  });

  test('keeps filters as views, and exports for admins', async () => {
    await visit('search?q=scholarship', async ({ page, state }) => {
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByRole('combobox', { name: 'Rating' }).selectOption('5');
      await until(() => called(state, 'GET', '/search').at(-1)?.query.rating === '5', 'the filter');
      await page.getByRole('button', { name: 'Saved views' }).click();
      await page.getByRole('menuitem', { name: 'Save these filters as a view' }).click();
      await page.getByLabel('Name').fill('Praise');
      await page.getByLabel('Share with the team').check();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await until(() => state.views.length === 2, 'the view');
      assert.equal(state.views[1].shared, true);
      assert.equal(state.views[1].filters.rating, '5');
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: 'Chats as CSV' }).click();
      assert.equal((await download).suggestedFilename(), 'conversations.csv');
      assert.equal(called(state, 'GET', '/export/conversations')[0].query.rating, '5');
    });
  });

  test('answers in the palette too', async () => {
    await visit('', async ({ page, dashboard }) => {
      await page.locator('[data-row]').first().waitFor();
      await page.keyboard.press('Control+k');
      await dashboard.dialog.getByRole('combobox').fill('scholarship');
      await dashboard.dialog.getByRole('option', { name: /Where is my parcel/ }).click();
      await page.getByRole('heading', { name: 'Where is my parcel?' }).waitFor();
    });
  });
});

describe('the composer', () => {
  test('offers templates after "/", and puts the filled text in with one key', async () => {
    await visit(`c/${chat.id}`, async ({ page, dashboard, state }) => {
      await dashboard.composer.waitFor();
      await dashboard.composer.pressSequentially('Good morning. /do');
      const list = page.getByRole('listbox', { name: 'Templates' });
      await list.getByRole('option', { name: /Missing documents/ }).waitFor();
      await page.getByText('please send the letter of admission').waitFor();
      await page.keyboard.press('Enter');
      await until(async () => (await dashboard.composer.inputValue()) === 'Good morning. Dear John, please send the letter of admission.', 'the text');
      assert.deepEqual(called(state, 'POST', '/templates/TPL-2/text')[0].body, { conversation_id: chat.id });
      assert.equal(await dashboard.timeline.getByText('Good morning').count(), 0);
      await dashboard.composer.fill('');
      await dashboard.composer.pressSequentially('/h');
      await list.waitFor();
      await page.keyboard.press('Escape');
      await list.waitFor({ state: 'detached' });
      assert.equal(await dashboard.composer.inputValue(), '/h');
      await dashboard.composer.fill('');
    });
  });

  test('runs macros from its menu and from the palette, and takes them back', async () => {
    await visit(`c/${chat.id}`, async ({ page, dashboard, state }) => {
      await dashboard.composer.waitFor();
      await page.getByRole('button', { name: 'Macros' }).click();
      await dashboard.dialog.getByRole('option', { name: /Ask for documents/ }).click();
      await page.getByText('Ask for documents was done').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Ask for documents was taken back').waitFor();
      assert.equal(called(state, 'POST', '/macro-runs/RUN-1/undo').length, 1);
      await page.keyboard.press('Control+k');
      await dashboard.dialog.getByRole('combobox').fill('ask for');
      await dashboard.dialog.getByRole('option', { name: 'Run: Ask for documents' }).click();
      await until(() => called(state, 'POST', '/macros/MAC-1/run').length === 2, 'the second run');
    });
  });
});

describe('an offer', () => {
  const offer = (id, seconds, fields) => ({
    type: 'offer',
    conversation_id: id,
    data: { conversation_id: id, staff_id: me, expires_at: new Date(Date.now() + seconds * 1000).toISOString(), user_name: 'Bob', category: 'parcel_lost', priority: 'high', reason: 'Alice has the least to do (1), speaks Arabic', reason_ar: 'Alice لديها أقل قدر من العمل (1)، وتتحدث العربية', ...fields },
  });

  test('counts down, is accepted and opens the chat', async () => {
    await visit('tickets', async ({ page, emit, state, dashboard }) => {
      await page.locator('[data-row]').first().waitFor();
      const card = page.getByRole('region', { name: 'Chats offered to you' });
      await emit(offer(chat.id, 30));
      await card.getByText('Bob').waitFor();
      assert.match(await card.getByRole('timer').innerText(), /^\d+$/);
      await card.getByRole('button', { name: 'Accept' }).click();
      await dashboard.timeline.waitFor();
      assert.deepEqual(called(state, 'POST', `/conversations/${chat.id}/acceptance`)[0].body, { accept: true });
      await card.waitFor({ state: 'detached' });
    });
  });

  test('says why this person, and shows the whole decision to keyboard and screen reader', async () => {
    const decision = {
      at: new Date().toISOString(), kind: 'offered', chosen: { staff_id: me, name: 'Alice' }, reason: 'Alice has the least to do (1), speaks Arabic',
      candidates: [
        { staff_id: me, name: 'Alice', eligible: true, why: 'free', load: 1, idle_seconds: 5, score: 1 },
        { staff_id: 'STF-98', name: 'Bob', eligible: false, why: 'lacks language ar', load: 0, idle_seconds: 9, score: 0 },
      ],
    };
    await visit('', async ({ page, emit, state, dashboard }) => {
      const card = page.getByRole('region', { name: 'Chats offered to you' });
      const event = offer(chat.id, 60);
      await page.locator('[data-row]').first().waitFor();
      await until(async () => {
        emit(event);
        return card.isVisible();
      }, 'the card');
      await card.getByText('Alice has the least to do (1), speaks Arabic').waitFor();
      const show = card.getByRole('button', { name: 'See the decision' });
      await show.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Why Bob is offered to you' });
      await dialog.getByText('2 people were considered').waitFor();
      assert.match(await dialog.getByRole('listitem').filter({ hasText: 'Bob' }).innerText(), /lacks language ar/);
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.ok(await show.evaluate((element) => element === document.activeElement), 'the focus is back');
      await page.keyboard.press('Enter');
      await dialog.getByRole('timer').waitFor();
      await dialog.getByRole('button', { name: 'Accept' }).click();
      await dashboard.timeline.waitFor();
      assert.deepEqual(called(state, 'POST', `/conversations/${chat.id}/acceptance`)[0].body, { accept: true });

      emit(offer('CONV-905', 60));
      await show.click();
      emit({ type: 'offer.ended', conversation_id: 'CONV-905', data: { conversation_id: 'CONV-905', outcome: 'withdrawn' } });
      await page.getByRole('dialog').getByText('This offer is over.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }, { change: (state) => (state.decisions = [decision]) });
  });

  test('that was made before the page was there stands open when it comes', async () => {
    const { data } = offer(chat.id, 30);
    await visit('', async ({ page, state }) => {
      const card = page.getByRole('region', { name: 'Chats offered to you' });
      await card.getByText('Bob').waitFor();
      assert.match(await card.getByRole('timer').innerText(), /^\d+$/);
      await card.getByRole('button', { name: 'Accept' }).click();
      await until(() => called(state, 'POST', `/conversations/${chat.id}/acceptance`).length, 'the answer');
    }, { change: (state) => state.offers.push({ ...data, conversation_id: chat.id }) });
  });

  test('is passed on, withdrawn, or runs out; one for somebody else is not shown', async () => {
    await visit('', async ({ page, emit, state }) => {
      const card = page.getByRole('region', { name: 'Chats offered to you' });
      await page.locator('[data-row]').first().waitFor();
      await emit(offer('CONV-901', 60));
      await card.waitFor();
      await emit(offer('CONV-902', 60, { staff_id: 'STF-99' }));
      await card.getByRole('button', { name: 'Pass' }).click();
      await card.waitFor({ state: 'detached' });
      await until(() => called(state, 'POST', '/conversations/CONV-901/acceptance').length, 'the answer');
      assert.deepEqual(called(state, 'POST', '/conversations/CONV-901/acceptance')[0].body, { accept: false });
      await emit(offer('CONV-903', 60));
      await card.waitFor();
      await emit({ type: 'offer.ended', conversation_id: 'CONV-903', data: { conversation_id: 'CONV-903', outcome: 'withdrawn' } });
      await card.waitFor({ state: 'detached' });
      await emit(offer('CONV-904', 5));
      await card.waitFor();
      await card.waitFor({ state: 'detached' });
    });
  });
});
