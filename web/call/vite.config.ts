// The caller's page: a guided call, its transcript and what was understood.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/call/',
  publicDir: here('../dashboard/public'), // the icon, and theme and language before the first paint
  plugins: [svelte({ configFile: here('../svelte.config.js') })],
  build: {
    outDir: here('../dist/call'),
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
