// Builds what the widget imports when it is first opened.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { icons } from '../tools/icons-plugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  publicDir: false,
  plugins: [icons(here('src/more-icons.json'))],
  build: {
    outDir: here('../dist/widget'),
    emptyOutDir: false,
    target: ['chrome111', 'firefox111', 'safari16.4'],
    minify: 'oxc',
    // Not as a library: those keep their white space when they are modules.
    rolldownOptions: {
      input: here('src/more.ts'),
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'more.js' },
    },
    modulePreload: false,
  },
});
