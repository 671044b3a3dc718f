// The set-up page of ElevenLabs against the real server, and the script for pages with its widget.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Dashboard, until } from './dashboard-support.mjs';
import { axe, launchBrowser, signIn, startChat, startServer } from './support.mjs';

let server;
let browser;
let admin;

before(async () => {
  server = await startServer({ RATE_LIMIT_SCALE: '100' });
  browser = await launchBrowser();
  admin = await signIn(server);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const shots = process.env.SHOTS; // a folder for pictures, for people to look at

test('the set-up page: keys, a trial message, what has arrived, and texts to copy', async () => {
  const dashboard = await Dashboard.signedIn(browser, server);
  const { page } = dashboard;
  await dashboard.show('settings/channels');
  await page.getByRole('main').getByRole('link', { name: /ElevenLabs/ }).click();
  const main = page.getByRole('main');
  await main.getByLabel('Webhook secret').fill('wsec_0123456789abcdef0123456789abcdef');
  await main.getByLabel('Agent', { exact: true }).fill('agent_of_the_tests');
  await main.getByLabel('Sites that may ask').fill('example.org');
  await main.getByRole('button', { name: 'Save' }).click();
  await main.locator('.field .error').waitFor();
  await main.getByLabel('Sites that may ask').fill('');
  await main.getByRole('button', { name: 'Save' }).click();
  await main.getByText('Set: …cdef.').waitFor();
  assert.equal(await main.getByLabel('Webhook secret').inputValue(), '', 'what was entered is not shown again');

  await main.getByRole('button', { name: 'Send a test message' }).click();
  await main.getByText(/Answered after/).waitFor();
  await main.getByText(`agent-id="agent_of_the_tests"`).waitFor();
  await fetch(`${server.url}/webhooks/elevenlabs`, { method: 'POST', body: '{}' });
  const refused = main.locator('li', { hasText: 'Event with a wrong signature' });
  await refused.getByText('once').waitFor({ timeout: 20_000 });

  await dashboard.inEveryDress(async (dress) => {
    assert.deepEqual(await axe(page), [], dress);
    if (shots) await page.locator('.settings main').screenshot({ path: `${shots}/channels-${dress.replace(/\W+/g, '-')}.png` });
  });
  await page.setViewportSize({ width: 360, height: 740 });
  for (const language of ['en', 'ar']) {
    await dashboard.wear(language, 'light');
    assert.deepEqual(await dashboard.overflow('.settings main'), [], language);
    if (shots) await page.screenshot({ path: `${shots}/channels-360-${language}.png` });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await dashboard.wear('en', 'light');
  await main.getByRole('button', { name: 'Make a key for the agent' }).click();
  const key = await dashboard.dialog.locator('input').inputValue();
  assert.match(key, /^cck_/);
  assert.deepEqual(await axe(page), []);
  const allowed = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], user_id: 'u1' }),
  });
  assert.equal(allowed.status, 200);
  await dashboard.dialog.locator('.primary').click();
  assert.deepEqual(await dashboard.close(), []);
});

// A stand-in for their widget: fires the event before a session and calls what the page put into its configuration.
const sitePage = (script) => `<!doctype html><title>Site</title>
<elevenlabs-convai agent-id="agent_1"></elevenlabs-convai>
<script src="${script}"></script>
<script>
  window.begin = (id) => {
    const config = { onConnect: () => { window.pageHeard = true; } };
    document.querySelector('elevenlabs-convai').dispatchEvent(
      new CustomEvent('elevenlabs-convai:call', { bubbles: true, composed: true, detail: { config } }));
    config.onConnect({ conversationId: id });
    return config;
  };
</script>`;

async function site(script) {
  const http = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(sitePage(script)));
  await new Promise((ready) => http.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${http.address().port}/`, close: () => new Promise((done) => http.close(done)) };
}

test('a page of another site reports what its widget says, once and in order, also after it was offline', async () => {
  const other = await site(`${server.url}/widget/elevenlabs-sync.js`);
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    await page.goto(other.url);
    await page.locator('elevenlabs-convai[user-id^="web_"]').waitFor({ state: 'attached' });
    await page.evaluate(() => {
      const c = window.begin('conv_of_the_page');
      c.onOutgoingEvent({ type: 'user_message', text: 'I need help' });
      c.onIncomingEvent({ type: 'agent_response', agent_response_event: { agent_response: 'With what?', event_id: 1 } });
      c.onIncomingEvent({ type: 'ping', ping_event: { event_id: 2 } });
      window.config = c;
    });
    assert.equal(await page.evaluate(() => window.pageHeard), true, 'what the page itself listens to is called, too');
    const made = await until(async () => {
      const { items } = await admin.call('GET', '/api/v1/conversations?channel=elevenlabs&q=With%20what');
      return items[0];
    }, 'the conversation');
    const said = async () => (await admin.call('GET', `/api/v1/conversations/${made.conversation_id}/messages`)).items.map((m) => `${m.role}: ${m.message}`);
    assert.deepEqual(await said(), ['user: I need help', 'ai: With what?']);
    assert.equal(await page.evaluate(() => window.config.customLlmExtraBody.cc_session.startsWith('ccs_')), true);

    await page.route('**/api/chat/sync', (route) => route.abort());
    await page.evaluate(() => {
      window.config.onOutgoingEvent({ type: 'user_message', text: 'With my fees' });
      window.config.onOutgoingEvent({ type: 'user_message', text: 'I need help' });
    });
    await until(() => page.evaluate(() => JSON.parse(localStorage.getItem('chat-centre.elevenlabs.unsent') ?? '[]').length === 2), 'two kept');
    await page.unroute('**/api/chat/sync');
    await page.reload();
    await until(async () => (await said()).length === 4, 'what was kept');
    assert.deepEqual(await said(), ['user: I need help', 'ai: With what?', 'user: With my fees', 'user: I need help']);
  } finally {
    await context.close();
    await other.close();
  }
});

test('what the analysis of a call collected stands beside the conversation', async () => {
  const secret = 'wsec_' + '0123456789abcdef'.repeat(4);
  await admin.call('PUT', '/api/v1/integrations/elevenlabs', { webhook_secrets: [secret] });
  const event = JSON.parse(readFileSync(new URL('../channel/elevenlabs/post_call_transcription.json', import.meta.url), 'utf8'));
  const at = Math.floor(Date.now() / 1000);
  Object.assign(event.data, { conversation_id: 'conv_with_facts', user_id: 'caller_with_facts' });
  event.data.metadata.start_time_unix_secs = at - 60;
  event.data.analysis.evaluation_criteria_results.was_polite = { criteria_id: 'was_polite', result: 'failure', rationale: '' };
  event.event_timestamp = at;
  const body = JSON.stringify(event);
  const signed = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  const answer = await fetch(`${server.url}/webhooks/elevenlabs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'ElevenLabs-Signature': `t=${at},v0=${signed}` },
    body,
  });
  assert.equal(answer.status, 200);
  const called = await until(async () => {
    const { items } = await admin.call('GET', '/api/v1/conversations?channel=elevenlabs');
    for (const item of items) if ((await admin.call('GET', `/api/v1/conversations/${item.conversation_id}/facts`)).elevenlabs) return item.conversation_id;
  }, 'the call');

  const dashboard = await Dashboard.signedIn(browser, server, { path: `c/${called}` });
  const { page } = dashboard;
  const panel = page.getByRole('region', { name: 'Collected in the call' });
  await panel.getByText('Missing document').waitFor();
  await panel.getByText('bank statements', { exact: true }).waitFor();
  await panel.getByRole('list', { name: 'Evaluation' }).getByRole('listitem').filter({ hasText: 'Was polite' }).getByText('Failed').waitFor();
  await panel.getByText('From ElevenLabs’ analysis').waitFor();
  await dashboard.inEveryDress(async (dress) => {
    assert.deepEqual(await axe(page), [], dress);
    if (shots) await page.screenshot({ path: `${shots}/facts-${dress.replace(/\W+/g, '-')}.png` });
  });

  const chat = await startChat(server, { name: 'John', message: 'Hello' });
  await dashboard.show(`c/${chat.id}`);
  await page.getByRole('region', { name: 'History' }).waitFor();
  assert.equal(await panel.count(), 0, 'a chat of which nothing was collected');
  assert.deepEqual(await dashboard.close(), []);
});
