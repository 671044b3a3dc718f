// Tickets: the list, one ticket, and how they are made, linked and merged.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { deskState, fakeDesk, ticket } from './desk-fakes.mjs';
import { browser, called, chat, me, server, slow, visit } from './desk-support.mjs';

describe('tickets', () => {
  test('the list is filtered, kept as a view, and taken from a view', async () => {
    await visit('tickets', async ({ page, state }) => {
      await page.getByRole('button', { name: 'Mine', exact: true }).click();
      await until(async () => (await page.locator('[data-row]').count()) === 1, 'one ticket of mine');
      assert.equal(called(state, 'GET', '/tickets').at(-1).query.assigned, 'me');
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByRole('combobox', { name: 'Level' }).selectOption('L2');
      await page.getByRole('button', { name: 'Saved views' }).click();
      await page.getByRole('menuitem', { name: 'Save these filters as a view' }).click();
      await page.getByLabel('Name').fill('My escalated ones');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await until(() => state.views.length === 2, 'the saved view');
      assert.deepEqual(state.views[1], {
        view_id: 'VIEW-2', name: 'My escalated ones', shared: false,
        filters: { area: 'tickets', q: '', status: 'unsolved', priority: '', department: '', assigned: 'me', level: 'L2', source: '' },
      });
      await page.getByRole('button', { name: /Saved views/ }).click();
      await page.getByRole('menuitemradio', { name: 'Urgent work' }).click();
      await page.getByRole('link', { name: /مشكلة في التسليم/ }).waitFor();
      await until(async () => (await page.locator('[data-row]').count()) === 1, 'one ticket of the view');
    });
  });

  test('clocks say in words what they draw', async () => {
    await visit('tickets', async ({ page }) => {
      const clocks = page.locator('[data-row] .clock');
      await clocks.nth(2).waitFor();
      const texts = await clocks.allInnerTexts();
      assert.match(texts[0], /left/);
      assert.match(texts[1], /Overdue/);
      assert.match(texts[2], /Paused/);
    });
  });

  test('events put a new ticket on top, change one, and take a solved one away', async () => {
    await visit('tickets', async ({ page, emit }) => {
      await page.getByRole('link', { name: /Where is my parcel/ }).waitFor();
      const fresh = ticket(77, { subject: 'The lift is broken' });
      await emit({ type: 'ticket.new', data: fresh });
      await page.getByRole('link', { name: /The lift is broken/ }).waitFor();
      await emit({ type: 'ticket.update', data: { ...fresh, version: 2, priority: 'emergency', status: 'in_progress' } });
      await page.getByRole('link', { name: /The lift is broken.*In Progress/ }).waitFor();
      await emit({ type: 'ticket.update', data: { ...fresh, version: 3, status: 'resolved' } });
      await page.getByRole('link', { name: /The lift is broken/ }).waitFor({ state: 'detached' });
    });
  });

  test('an event that comes while the list is on its way is newer than the list', async () => {
    await visit('tickets', async ({ page, emit, state }) => {
      const another = page.getByRole('link', { name: /Invoice with the wrong address/ });
      await another.waitFor();
      const late = await slow(page, '**/api/v1/tickets?*assigned=me*');
      await page.getByRole('button', { name: 'Mine', exact: true }).click();
      await late.asked;
      await emit({ type: 'ticket.new', data: ticket(77, { subject: 'The lift is broken', assigned_staff: state.sarah }) });
      await page.getByRole('link', { name: /The lift is broken/ }).waitFor();
      late.answer();
      await another.waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('link', { name: /The lift is broken/ }).count(), 1);
    });
  });

  test('is answered, noted, escalated, assigned, tagged, followed and resolved', async () => {
    await visit('tickets/TKT_20260105_AB01', async ({ page, dashboard, state }) => {
      const log = page.getByRole('log');
      await log.getByText('It should have come last week').waitFor();
      assert.deepEqual(
        await log.locator('article').evaluateAll((all) => all.map((one) => one.className.split(' ')[0])),
        ['theirs', 'ours', 'note', 'theirs'],
      );
      await page.getByLabel('Reply to the customer…').fill('It comes on Thursday.');
      await page.keyboard.press('Control+Enter');
      await log.getByText('It comes on Thursday.').waitFor();
      await page.getByRole('tab', { name: 'Note' }).click();
      await page.getByLabel('Write a note for the team…').fill('Asked twice');
      await page.getByRole('button', { name: 'Add note' }).click();
      await log.locator('.note', { hasText: 'Asked twice' }).waitFor();
      await page.getByRole('button', { name: 'Escalate' }).click();
      await dashboard.dialog.getByLabel('Reason').fill('The depot does not answer');
      await dashboard.dialog.getByRole('button', { name: 'Escalate' }).click();
      await until(() => called(state, 'POST', '/tickets/TKT_20260105_AB01/escalation').length, 'the escalation');
      await dashboard.dialog.waitFor({ state: 'detached' }); // it gives the focus back to its button
      assert.deepEqual(called(state, 'POST', '/tickets/TKT_20260105_AB01/escalation')[0].body, { level: 'manager', reason: 'The depot does not answer' });
      await page.getByPlaceholder('Add tag').fill('#depot');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove the tag depot' }).waitFor();
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Stop following' }).click();
      await page.getByText('Nobody follows this ticket.').waitFor();
      await page.getByRole('button', { name: 'Assign', exact: true }).click();
      await dashboard.dialog.getByRole('option', { name: /Sales/ }).click();
      await dashboard.dialog.getByRole('button', { name: 'Assign' }).click();
      await until(() => called(state, 'POST', '/tickets/TKT_20260105_AB01/assignment').length, 'the assignment');
      assert.deepEqual(called(state, 'POST', '/tickets/TKT_20260105_AB01/assignment')[0].body, { department: 'sales' });
      await page.getByRole('button', { name: 'Resolve', exact: true }).click();
      await page.getByRole('button', { name: 'Reopen' }).waitFor();
      assert.equal(state.tickets[0].status, 'resolved');
    });
  });

  test('is linked with and merged into another', async () => {
    await visit('tickets/TKT_20260105_AB01', async ({ page, dashboard, state }) => {
      await page.getByRole('button', { name: 'Link to another ticket' }).click();
      await dashboard.dialog.getByRole('option', { name: /wrong address/ }).click();
      await dashboard.dialog.getByLabel('This ticket').selectOption('blocks');
      await dashboard.dialog.getByRole('button', { name: 'Link to another ticket' }).click();
      await page.getByText('blocks', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Merge into another ticket' }).click();
      await dashboard.dialog.getByRole('option', { name: /wrong address/ }).click();
      await dashboard.dialog.getByRole('button', { name: 'Merge into another ticket' }).click();
      await page.getByRole('heading', { name: 'Invoice with the wrong address' }).waitFor();
      assert.equal(state.tickets[0].merged_into, 'TKT_20260105_AB03');
      await page.getByRole('link', { name: /Where is my parcel/ }).waitFor({ state: 'detached' });
    });
  });

  test('is made by hand, with what the server objects to, and out of a chat', async () => {
    await visit('tickets', async ({ page, dashboard, state }) => {
      await page.getByRole('button', { name: 'New ticket' }).click();
      await dashboard.dialog.getByLabel('Subject').fill('The door is shut');
      await dashboard.dialog.getByRole('button', { name: 'Create ticket' }).click();
      await dashboard.dialog.getByText('Say who asks.').waitFor();
      await dashboard.dialog.getByLabel('Name').fill('Bob');
      await dashboard.dialog.getByRole('button', { name: 'Create ticket' }).click();
      await page.getByRole('heading', { name: 'The door is shut' }).waitFor();
      const ofChat = async () => {
        await page.goto(`${server.url}/admin/c/${chat.id}`);
        await dashboard.composer.waitFor();
        await page.locator('.conversation').getByRole('button', { name: 'More actions' }).click();
        await page.getByRole('menuitem', { name: 'Ticket of this chat' }).click();
      };
      await ofChat();
      await page.getByRole('heading', { name: 'Where is my parcel?' }).waitFor();
      state.tickets.find((one) => one.conversation_id === chat.id).status = 'closed';
      await ofChat();
      await dashboard.dialog.getByLabel('Subject').fill('Scholarship papers');
      await dashboard.dialog.getByRole('button', { name: 'Create ticket' }).click();
      await page.getByText(/Ticket TKT_\w+ was created/).waitFor();
      assert.equal(called(state, 'POST', `/conversations/${chat.id}/ticket`)[0].body.subject, 'Scholarship papers');
    });
  });

  test('who may only comment cannot reply', async () => {
    const engineer = async (page) =>
      page.route('**/api/v1/me', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), role: 'engineer', permissions: ['signed_in', 'conversation.read', 'ticket.read', 'ticket.comment'] } });
      });
    const dashboard = await Dashboard.open(browser, server);
    await fakeDesk(dashboard.page, deskState({ me, conversation: chat.id }));
    await engineer(dashboard.page);
    await dashboard.page.goto(`${server.url}/admin/tickets/TKT_20260105_AB01`);
    await dashboard.signIn();
    await dashboard.page.getByRole('tab', { name: 'Note' }).waitFor();
    assert.equal(await dashboard.page.getByRole('tab', { name: 'Reply' }).count(), 0);
    assert.equal(await dashboard.page.getByRole('button', { name: 'Resolve', exact: true }).count(), 0);
    assert.equal(await dashboard.page.getByLabel('Status').isDisabled(), true);
    assert.deepEqual(await dashboard.close(), []);
  });
});
