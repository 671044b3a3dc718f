import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { PluginOption, UserConfig } from 'vite';

const web = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

interface Page {
  /** The folder in web/. */
  folder: string;
  /** Where it is served: its folder in dist/, too. */
  at: string;
  plugins?: PluginOption[];
}

/** How a page is built: one script and one style sheet, for browsers that know what the styles use. */
export function page({ folder, at, plugins = [] }: Page): UserConfig {
  return {
    root: web(folder),
    base: `/${at}/`,
    // The icon, and theme and language before the first paint.
    publicDir: web('dashboard/public'),
    plugins: [svelte({ configFile: web('svelte.config.js') }), plugins],
    build: {
      outDir: web(`dist/${at}`),
      emptyOutDir: true,
      target: ['chrome123', 'firefox121', 'safari17.5'],
      // The server's content security policy allows no data: fonts or scripts, and no inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      cssCodeSplit: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  };
}
