import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customLlm, lookupTool, ownSocket, pageScript, signedAddress, staffTool } from './snippets.ts';

const at = {
  base: 'https://chat.example.org',
  webhook: 'https://chat.example.org/webhooks/elevenlabs',
  custom_llm: 'https://chat.example.org/v1',
  request_staff: 'https://chat.example.org/api/elevenlabs/tools/request-staff',
  lookup: 'https://chat.example.org/api/elevenlabs/tools/lookup',
  conversation_init: 'https://chat.example.org/api/elevenlabs/conversation-init',
  signed_url: 'https://chat.example.org/api/elevenlabs/signed-url',
  page_script: 'https://chat.example.org/widget/elevenlabs-sync.js',
  socket: 'wss://chat.example.org/convai/ws',
  sync: 'https://chat.example.org/api/chat/sync',
};

test('snippets hold this server’s addresses, and what is JSON parses', () => {
  assert.match(ownSocket(at), /orchestrator-url="wss:\/\/chat\.example\.org\/convai\/ws"/);
  assert.match(signedAddress(at), /api\/elevenlabs\/signed-url/);
  assert.match(pageScript(at, ''), /agent-id="agent_\.\.\."/);
  assert.match(pageScript(at, 'agent_1'), /agent-id="agent_1"/);
  assert.equal(JSON.parse(customLlm(at)).custom_llm.url, at.custom_llm);
  const properties = (text: string) => Object.values(JSON.parse(text).api_schema.request_body_schema.properties) as Record<string, string>[];
  for (const tool of [staffTool(at), lookupTool(at)])
    for (const property of properties(tool)) {
      // A property takes exactly one source.
      assert.equal(Object.keys(property).filter((key) => key !== 'type').length, 1);
    }
});
