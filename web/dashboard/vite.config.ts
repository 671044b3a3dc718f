import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { icons } from '../tools/icons-plugin.ts';
import { page } from '../tools/page-config.ts';

const list = fileURLToPath(new URL('../shared/icons/icons.json', import.meta.url));
const server = process.env.CHAT_CENTRE_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  ...page({ folder: 'dashboard', at: 'admin', plugins: [icons(list)] }),
  server: {
    proxy: {
      '/api': server,
      '/ws': { target: server, ws: true },
    },
  },
});
