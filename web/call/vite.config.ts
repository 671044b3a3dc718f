// The caller's page: a guided call, its transcript and what was understood.
import { defineConfig } from 'vite';
import { page } from '../tools/page-config.ts';

export default defineConfig(page({ folder: 'call', at: 'call' }));
