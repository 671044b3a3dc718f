import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

type IconNodes = Record<string, [tag: string, attributes: Record<string, string>][]>;

/**
 * Serves `virtual:icons`: the drawing instructions of exactly the lucide icons named in the list,
 * as data. The dashboard builds the SVG elements from it, so no markup string is ever parsed.
 */
export function icons(listFile: string): Plugin {
  const id = 'virtual:icons';
  const nodesFile = createRequire(import.meta.url).resolve('lucide-static/icon-nodes.json');
  return {
    name: 'lucide-icons',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(loaded) {
      if (loaded !== `\0${id}`) return undefined;
      this.addWatchFile(listFile);
      const names = JSON.parse(readFileSync(listFile, 'utf8')) as string[];
      const all = JSON.parse(readFileSync(nodesFile, 'utf8')) as IconNodes;
      const picked: IconNodes = {};
      for (const name of names) {
        const nodes = all[name];
        if (!nodes) this.error(`lucide has no icon named "${name}"`);
        picked[name] = nodes;
      }
      return `export default ${JSON.stringify(picked)}`;
    },
  };
}
