// How the widget looks and handles: languages, sizes, keyboard, and axe in every state.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { axe } from './support.mjs';
import { Visits } from './widget-support.mjs';

let visits;
let server;
let staff;
let context;
let page;
let widget;

before(async () => {
  visits = await Visits.start();
  ({ server, staff } = visits);
});

after(() => visits?.stop());

afterEach(() => visits?.leave());

const visit = async (options) => ({ context, page, widget } = await visits.visit(options));

const box = (locator) => locator.evaluate((element) => element.getBoundingClientRect().toJSON());

describe('axe finds nothing', () => {
  for (const language of ['en', 'ar'])
    for (const colorScheme of ['light', 'dark'])
      test(`${language}, ${colorScheme}: before, during and after a chat`, async () => {
        const text = language === 'ar' ? 'مرحبًا' : 'Hello';
        await visit({ language, colorScheme, reducedMotion: 'reduce' });
        assert.deepEqual(await axe(page), []);
        await widget.open();
        assert.deepEqual(await axe(page), []);
        await widget.say(text);
        const id = await widget.conversation();
        await staff.post(`/api/v1/conversations/${id}/takeover`, {});
        await staff.post(`/api/v1/conversations/${id}/messages`, { message: `${text} https://example.org/` });
        await widget.host.locator('.message.staff').waitFor();
        assert.deepEqual(await axe(page), []);
        await staff.post(`/api/v1/conversations/${id}/resolution`, {});
        await widget.host.locator('.stars').waitFor();
        await widget.host.locator('.stars input').nth(2).check({ force: true });
        assert.deepEqual(await axe(page), []);
        await staff.post(`/api/v1/conversations/${id}/resolution`, { close: true });
        await widget.host.locator('.over:not(.quiet)').waitFor();
        assert.deepEqual(await axe(page), []);
      });
});

test('the script is at most 15 KB gzipped', async () => {
  await visit();
  const script = await (await fetch(server.url + '/widget/chat-centre.js')).text();
  assert.ok(gzipSync(script, { level: 9 }).length <= 15_000);
  const built = await readFile(new URL('../../web/dist/widget/chat-centre.js', import.meta.url), 'utf8');
  assert.equal(script, built, 'the server serves what was built');
});

describe('languages', () => {
  test('Arabic runs from right to left', async () => {
    await visit({ language: 'ar' });
    assert.ok((await box(widget.launcher)).left < 100, 'the launcher stands at the end of the line, on the left');
    await widget.open();
    await widget.host.getByText('كيف يمكننا مساعدتك؟').waitFor();
    await widget.say('أحتاج مساعدة');
    assert.equal((await staff.get(`/api/v1/conversations/${await widget.conversation()}`)).language, 'ar');
    const mine = await box(widget.host.locator('.user .bubble').last());
    const theirs = await box(widget.host.locator('.ai .bubble').first());
    assert.ok(mine.left < theirs.left && mine.right < theirs.right, 'my messages stand on the left, the others on the right');
    const english = 'Please see https://example.org/';
    await widget.say(english);
    assert.equal(await widget.bubble(english).locator('.bubble').evaluate((element) => getComputedStyle(element).direction), 'ltr');
  });

  test('the widget follows the language of the page while a chat is open', async () => {
    await visit();
    await widget.open();
    await widget.say('Good morning');
    await page.getByRole('button', { name: 'العربية' }).click();
    await widget.host.getByRole('button', { name: 'التحدث إلى موظف' }).waitFor();
    await widget.stored('Good morning');
    await page.getByRole('button', { name: 'English' }).click();
    await widget.host.getByRole('button', { name: 'Talk to a person' }).waitFor();
  });
});

describe('sizes', () => {
  test('at 360 px the panel is the screen, and nothing runs out of it', async () => {
    for (const language of ['en', 'ar']) {
      await visit({ language, width: 360, height: 640, hasTouch: true, reducedMotion: 'reduce' });
      await widget.open();
      const { x, y, width, height } = await box(widget.panel);
      assert.deepEqual([x, y, width, height], [0, 0, 360, 640]);
      assert.equal(await widget.panel.getAttribute('aria-modal'), 'true');
      assert.equal(await widget.launcher.isVisible(), false);
      await widget.say('https://example.org/' + 'a'.repeat(200));
      const wide = await widget.host.locator('.scroller').evaluate((element) => element.scrollWidth - element.clientWidth);
      assert.equal(wide, 0);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      if (language === 'en') await context.close();
    }
  });

  test('the newest message stays in sight, an older place stays where it is', async () => {
    await visit();
    await widget.open();
    for (let n = 1; n <= 12; n++) await widget.say(`Message ${n}`);
    const scroller = widget.host.locator('.scroller');
    const left = () => scroller.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
    assert.ok((await left()) < 2);
    await scroller.evaluate((element) => (element.scrollTop = 0));
    const id = await widget.conversation();
    await widget.host.locator('.latest').waitFor();
    await staff.post(`/api/v1/conversations/${id}/takeover`, {});
    await staff.post(`/api/v1/conversations/${id}/messages`, { message: 'An answer' });
    await widget.bubble('An answer').waitFor();
    assert.equal(await scroller.evaluate((element) => element.scrollTop), 0);
    await widget.host.locator('.latest').click();
    assert.ok((await left()) < 2);
  });
});

describe('keyboard', () => {
  test('opens, writes, and closes without a mouse, and keeps its keys to itself', async () => {
    await visit();
    await page.evaluate(() => {
      window.keys = [];
      addEventListener('keydown', (event) => window.keys.push(event.key));
    });
    await widget.launcher.focus();
    await page.keyboard.press('Enter');
    await widget.panel.waitFor();
    await page.keyboard.type('One');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Two');
    await page.keyboard.press('Enter');
    await widget.host.locator('.message.user:not(.sending) .bubble').waitFor();
    assert.equal(await widget.host.locator('.user .bubble').textContent(), 'One\nTwo');
    await page.keyboard.press('Escape');
    await widget.panel.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.className), 'launcher');
    assert.deepEqual(await page.evaluate(() => window.keys), []);
  });

  test('in full screen Tab goes round inside', async () => {
    await visit({ width: 360, height: 640 });
    await widget.open();
    for (let n = 0; n < 12; n++) {
      await page.keyboard.press(n < 6 ? 'Tab' : 'Shift+Tab');
      assert.equal(await page.evaluate(() => document.activeElement.localName), 'chat-centre');
    }
  });

  test('a wrong e-mail address is named at its field', async () => {
    await visit();
    await widget.open();
    const email = widget.host.locator('input[type=email]');
    await email.fill('nobody');
    await widget.write('Hello');
    await widget.host.locator('.problem').waitFor();
    assert.equal(await email.getAttribute('aria-invalid'), 'true');
    assert.equal(await widget.input.inputValue(), 'Hello', 'the text is kept');
    await email.fill('bob@example.org');
    await widget.input.press('Enter');
    await widget.stored('Hello');
  });
});

test('with reduced motion nothing moves', async () => {
  await visit({ reducedMotion: 'reduce' });
  await widget.open();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
