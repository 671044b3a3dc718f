// Builds the widget into one script and copies the demo page. Fails when the script outgrows its promise.
import { cp } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { icons } from '../tools/icons-plugin.ts';
import { script, widget } from '../tools/script-config.ts';

const MAX_GZIP_BYTES = 15_000;

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
    closeBundle: () => cp(widget('demo'), widget('../dist/widget/demo'), { recursive: true }),
  };
}

export default defineConfig({
  root: widget('.'),
  publicDir: false,
  plugins: [icons(widget('src/icons.json')), sizeLimit(), demoPage()],
  build: {
    ...script,
    emptyOutDir: true,
    lib: { entry: widget('src/main.ts'), formats: ['iife'], name: 'chatCentreWidget', fileName: () => 'chat-centre.js' },
  },
});
