// Builds what the widget imports when it is first opened.
import { defineConfig } from 'vite';
import { icons } from '../tools/icons-plugin.ts';
import { script, widget } from '../tools/script-config.ts';

export default defineConfig({
  root: widget('.'),
  publicDir: false,
  plugins: [icons(widget('src/more-icons.json'))],
  build: {
    ...script,
    modulePreload: false,
    // Not as a library: those keep their white space when they are modules.
    rolldownOptions: {
      input: widget('src/more.ts'),
      preserveEntrySignatures: 'strict',
      output: { format: 'es', entryFileNames: 'more.js' },
    },
  },
});
