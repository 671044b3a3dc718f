// The requester's page: one ticket by its link, and the form that opens one.
import { defineConfig } from 'vite';
import { page } from '../tools/page-config.ts';

export default defineConfig(page({ folder: 'portal', at: 'portal' }));
