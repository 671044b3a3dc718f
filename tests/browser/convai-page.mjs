// ElevenLabs' widget and client library as they are published, in a page: bundled, nothing of them changed.
export { Conversation } from '@elevenlabs/client';
export { registerWidget } from '@elevenlabs/convai-widget-core';
