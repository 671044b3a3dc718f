// The requester's page: one ticket by its link, and the form that opens one.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/portal/',
  publicDir: here('../dashboard/public'), // the icon, and theme and language before the first paint
  plugins: [svelte({ configFile: here('../svelte.config.js') })],
  build: {
    outDir: here('../dist/portal'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
