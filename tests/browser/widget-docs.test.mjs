// The API pages: complete, without a request to another host, and without anything their policy refuses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser, startServer } from './support.mjs';
import { watch } from './widget-support.mjs';

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

async function visit(path) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const trouble = watch(page, new URL(server.url).host);
  await page.goto(server.url + path);
  return { page, trouble };
}

test('/docs lists every group of operations and calls the server', async () => {
  const { page, trouble } = await visit('/docs');
  const { paths } = await (await fetch(server.url + '/api/openapi.json')).json();
  const operations = Object.values(paths).flatMap((path) => Object.entries(path).filter(([verb]) => /^(get|put|post|patch|delete)$/.test(verb)));
  const tags = new Set(operations.flatMap(([, operation]) => operation.tags));
  await page.waitForFunction((wanted) => document.querySelectorAll('.opblock-tag').length === wanted, tags.size);
  await page.locator('.opblock-tag[data-tag="system"]').click();
  const system = operations.filter(([, operation]) => operation.tags.includes('system')).length;
  await page.waitForFunction((wanted) => document.querySelectorAll('.opblock').length === wanted, system);
  assert.ok(operations.length > 10);
  // Every group unfolded: every operation is in the page, also for the browser's own search.
  for (const tag of tags) if (tag !== 'system') await page.locator(`.opblock-tag[data-tag="${tag}"]`).click();
  await page.waitForFunction((wanted) => document.querySelectorAll('.opblock').length === wanted, operations.length);
  const live = page.locator('.opblock', { has: page.getByText('/health/live', { exact: true }) });
  await live.locator('.opblock-summary-control').click();
  await live.getByRole('button', { name: 'Execute' }).click();
  await live.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
  assert.deepEqual(trouble, []);
  await page.close();
});

test('/redoc shows the reference and finds things', async () => {
  const { page, trouble } = await visit('/redoc');
  await page.getByRole('heading', { name: 'Chat Centre' }).first().waitFor();
  const { paths } = await (await fetch(server.url + '/api/openapi.json')).json();
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
  await page.waitForFunction((wanted) => wanted.every((id) => document.querySelector(`[id$="/operation/${id}"]`)), ids);
  await page.getByPlaceholder('Search...').fill('takeover');
  await page.locator('[data-role="search:results"] [role=menuitem]').first().waitFor();
  assert.deepEqual(trouble, []);
  await page.close();
});
