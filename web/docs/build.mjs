// Puts Swagger UI and ReDoc, as npm ships them, beside our own small pages: nothing comes from another host.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../dist');
const packageFolder = (name) => dirname(require.resolve(name + '/package.json'));

async function page(name, files) {
  const folder = join(dist, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(here, name), folder, { recursive: true });
  await cp(join(here, 'api.css'), join(folder, 'api.css'));
  for (const [from, to] of files) await cp(from, join(folder, to));
}

/** Changes the one place in a file where `from` stands; a new version that has it elsewhere stops the build. */
async function change(file, from, to) {
  const parts = (await readFile(file, 'utf8')).split(from);
  if (parts.length !== 2) throw new Error(`${file}: expected one ${from}, found ${parts.length - 1}`);
  await writeFile(file, parts.join(to));
}

const swagger = packageFolder('swagger-ui-dist');
await page('docs', [
  [join(swagger, 'swagger-ui.css'), 'swagger-ui.css'],
  [join(swagger, 'swagger-ui-bundle.js'), 'swagger-ui-bundle.js'],
  [join(swagger, 'LICENSE'), 'swagger-ui.LICENSE.txt'],
  [join(swagger, 'NOTICE'), 'swagger-ui.NOTICE.txt'],
]);

// From 150 rows on, Swagger UI keeps only those in view in the page. All of ours are drawn at once quickly enough, and then
// the browser's own search, printing and screen readers find every one.
await change(join(dist, 'docs/swagger-ui-bundle.js'), '.length>=150,', '.length>=1/0,');

const redoc = packageFolder('redoc');
await page('redoc', [
  [join(redoc, 'bundles/redoc.standalone.js'), 'redoc.standalone.js'],
  [join(redoc, 'bundles/redoc.standalone.js.LICENSE.txt'), 'redoc.standalone.js.LICENSE.txt'],
  [join(redoc, 'LICENSE'), 'redoc.LICENSE.txt'],
]);
// ReDoc asks its maker's server for a logo. Our pages ask no outside host, so that address becomes a dead end.
await change(join(dist, 'redoc/redoc.standalone.js'), 'https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:,');
