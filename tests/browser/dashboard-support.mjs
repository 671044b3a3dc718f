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
