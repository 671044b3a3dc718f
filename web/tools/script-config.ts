import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'vite';

export const widget = (path: string) => fileURLToPath(new URL(`../widget/${path}`, import.meta.url));

/**
 * How the scripts for other people's sites are built. No polyfills and no down-levelling: browsers since spring 2023
 * (constructed style sheets in Safari 16.4).
 */
export const script: BuildOptions = {
  outDir: widget('../dist/widget'),
  emptyOutDir: false,
  target: ['chrome111', 'firefox111', 'safari16.4'],
  minify: 'oxc',
};
