// Builds the widget into one script and copies the demo page. Fails when the script outgrows its promise.
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { icons } from '../tools/icons-plugin.ts';

const MAX_GZIP_BYTES = 15_000;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function sizeLimit(): Plugin {
  return {
    name: 'size-limit',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') this.error(`${file.fileName}: the widget must be a single script`);
        const bytes = gzipSync(file.code, { level: 9 }).length;
        if (bytes > MAX_GZIP_BYTES) this.error(`${file.fileName} is ${bytes} bytes gzipped, at most ${MAX_GZIP_BYTES}`);
        this.info(`${file.fileName}: ${bytes} of ${MAX_GZIP_BYTES} bytes gzipped`);
      }
    },
  };
}

function demoPage(): Plugin {
  return {
    name: 'demo-page',
    closeBundle: () => cp(here('demo'), here('../dist/widget/demo'), { recursive: true }),
  };
}

export default defineConfig({
  root: here('.'),
  publicDir: false,
  plugins: [icons(here('src/icons.json')), sizeLimit(), demoPage()],
  build: {
    outDir: here('../dist/widget'),
    emptyOutDir: true,
    // No polyfills and no down-levelling: browsers since spring 2023 (constructed style sheets in Safari 16.4).
    target: ['chrome111', 'firefox111', 'safari16.4'],
    lib: { entry: here('src/main.ts'), formats: ['iife'], name: 'chatCentreWidget', fileName: () => 'chat-centre.js' },
    minify: 'oxc',
  },
});
