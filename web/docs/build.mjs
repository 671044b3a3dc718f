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

/** ReDoc asks its maker's server for a logo. Our pages ask no outside host, so that address becomes a dead end. */
async function withoutLogo(file) {
  const logo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
  const parts = (await readFile(file, 'utf8')).split(logo);
  if (parts.length !== 2) throw new Error(`${file}: expected one ${logo}, found ${parts.length - 1}`);
  await writeFile(file, parts.join('data:,'));
}

const swagger = packageFolder('swagger-ui-dist');
await page('docs', [
  [join(swagger, 'swagger-ui.css'), 'swagger-ui.css'],
  [join(swagger, 'swagger-ui-bundle.js'), 'swagger-ui-bundle.js'],
  [join(swagger, 'LICENSE'), 'swagger-ui.LICENSE.txt'],
  [join(swagger, 'NOTICE'), 'swagger-ui.NOTICE.txt'],
]);

const redoc = packageFolder('redoc');
await page('redoc', [
  [join(redoc, 'bundles/redoc.standalone.js'), 'redoc.standalone.js'],
  [join(redoc, 'bundles/redoc.standalone.js.LICENSE.txt'), 'redoc.standalone.js.LICENSE.txt'],
  [join(redoc, 'LICENSE'), 'redoc.LICENSE.txt'],
]);
await withoutLogo(join(dist, 'redoc/redoc.standalone.js'));
