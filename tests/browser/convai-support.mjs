// Bundles what ElevenLabs publishes for pages, with the bundler of web/.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../../web/package.json', import.meta.url));

/** One classic script that leaves Conversation and registerWidget in window.elevenlabs. */
export async function officialScript() {
  const { build } = await import(require.resolve('vite'));
  const made = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: false,
      lib: { entry: 'convai-page.mjs', formats: ['iife'], name: 'elevenlabs' },
    },
  });
  const { output } = Array.isArray(made) ? made[0] : made;
  return output.find((piece) => piece.type === 'chunk').code;
}

/** What the widget needs to know of itself when it does not ask ElevenLabs. */
export const widgetConfig = {
  variant: 'full',
  placement: 'bottom-right',
  avatar: { type: 'orb', color_1: '#6DB035', color_2: '#F5CABB' },
  feedback_mode: 'none',
  language: 'en',
  supported_language_overrides: [],
  text_only: true,
  supports_text_only: true,
  text_input_enabled: true,
  transcript_enabled: true,
  conversation_mode_toggle_enabled: false,
  mic_muting_enabled: false,
  always_expanded: true,
  default_expanded: true,
  first_message: null,
  terms_text: null,
  terms_html: null,
  terms_key: null,
  disable_banner: true,
  use_rtc: false,
  styles: {},
  text_contents: {},
};
