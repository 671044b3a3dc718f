// Builds what the widget fetches when it is first opened.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  publicDir: false,
  build: {
    outDir: here('../dist/widget'),
    emptyOutDir: false,
    target: ['chrome111', 'firefox111', 'safari16.4'],
    lib: { entry: here('src/more.ts'), formats: ['iife'], name: 'chatCentreWidgetMore', fileName: () => 'more.js' },
    minify: 'oxc',
  },
});
