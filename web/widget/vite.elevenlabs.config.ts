// Builds the script for pages with ElevenLabs' widget, beside our own.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  publicDir: false,
  build: {
    outDir: here('../dist/widget'),
    emptyOutDir: false,
    target: ['chrome111', 'firefox111', 'safari16.4'],
    lib: { entry: here('src/elevenlabs-sync.ts'), formats: ['iife'], name: 'chatCentreElevenlabs', fileName: () => 'elevenlabs-sync.js' },
    minify: 'oxc',
  },
});
