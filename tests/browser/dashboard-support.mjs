// The dashboard as the tests use it: hands and eyes of a member of staff.

/** What must stay empty while a page is used: errors, refusals of the content policy, calls to other hosts. */
export function watch(page, server) {
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A failed call is the page's to handle, and is reported by the browser in any case.
    if (message.type() === 'error' && !/Failed to load resource|ERR_CONNECTION|WebSocket connection/.test(text)) trouble.push(text);
  });
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && host !== new URL(server.url).host) trouble.push(`asked ${host}`);
  });
  return trouble;
}

export class Dashboard {
  constructor(page, server) {
    this.page = page;
    this.server = server;
    this.trouble = watch(page, server);
    this.timeline = page.getByRole('log');
    this.composer = page.locator('.composer textarea');
    this.counts = page.locator('header .counts');
    this.dialog = page.locator('dialog[open]');
  }

  /** Opens the page in a language and theme; `path` is below /admin/. */
  static async open(browser, server, { language = 'en', path = '', theme = 'light', width = 1440, height = 900 } = {}) {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: language === 'ar' ? 'ar' : 'en-GB',
    });
    const dashboard = new Dashboard(await context.newPage(), server);
    await dashboard.page.goto(`${server.url}/admin/${path}`);
    return dashboard;
  }

  static async signedIn(browser, server, options = {}) {
    const dashboard = await Dashboard.open(browser, server, options);
    await dashboard.signIn(options.email, options.password);
    return dashboard;
  }

  async signIn(email = this.server.adminEmail, password = this.server.adminPassword) {
    await this.page.locator('input[type=email]').fill(email);
    await this.page.locator('input[type=password]').fill(password);
    await this.page.locator('button[type=submit]').click();
    await this.page.locator('.shell').waitFor();
  }

  row(id) {
    return this.page.locator(`[data-row="${id}"]`);
  }

  section(name) {
    return this.page.locator('section', { has: this.page.getByRole('heading', { name }) });
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async openChat(id) {
    await this.row(id).click();
    await this.timeline.waitFor();
  }

  message(text) {
    return this.timeline.locator('article', { hasText: text });
  }

  async write(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /**
   * Shows a page, `path` below /admin/. Within the page that is loaded, as its own links do, unless something was done
   * there since: what was typed or opened must not be met on the next page.
   */
  async show(path, { anew = false } = {}) {
    if (anew || !this.untouched) await this.page.goto(`${this.server.url}/admin/${path}`);
    else {
      await this.page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, `/admin/${path}`);
    }
    this.untouched = true;
  }

  /** Does something in the page, which it is not as before after it. */
  async act(deed) {
    this.untouched = false;
    await deed(this);
  }

  /** Changes language and theme in place: the language as if it was chosen in another tab, the theme by the system. */
  async wear(language, colorScheme) {
    await this.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    if ((await this.page.locator('html').getAttribute('lang')) === language) return;
    if (!this.otherTab) {
      this.otherTab = await this.page.context().newPage();
      await this.otherTab.goto(`${this.server.url}/admin/preferences.js`);
    }
    await this.otherTab.evaluate((chosen) => localStorage.setItem('cc-language', chosen), language);
    await this.page.locator(`html[lang=${language}][dir=${language === 'ar' ? 'rtl' : 'ltr'}]`).waitFor({ state: 'attached' });
  }

  /** Calls `check` with the page as it stands in both languages and both themes. */
  async inEveryDress(check) {
    for (const [language, theme] of [['en', 'light'], ['en', 'dark'], ['ar', 'dark'], ['ar', 'light']]) {
      await this.wear(language, theme);
      await check(`${language}, ${theme}`);
    }
    await this.wear('en', 'light');
  }

  /** By how many pixels the page, or one of its parts, is wider than its place. */
  overflow(parts = '') {
    return this.page.evaluate((selector) => {
      const boxes = [document.documentElement, ...(selector ? document.querySelectorAll(selector) : [])];
      return boxes.map((box) => box.scrollWidth - box.clientWidth).filter((by) => by > 0);
    }, parts);
  }

  /** Ends the visit and gives what went wrong during it. */
  async close() {
    const seen = [...this.trouble];
    await this.page.context().close();
    return seen;
  }
}

/** Waits until `check` gives something true. */
export async function until(check, what, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
