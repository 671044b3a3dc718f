// Builds the script for pages with ElevenLabs' widget, beside our own.
import { defineConfig } from 'vite';
import { script, widget } from '../tools/script-config.ts';

export default defineConfig({
  root: widget('.'),
  publicDir: false,
  build: {
    ...script,
    lib: { entry: widget('src/elevenlabs-sync.ts'), formats: ['iife'], name: 'chatCentreElevenlabs', fileName: () => 'elevenlabs-sync.js' },
  },
});
