/** What admins copy into their pages and into ElevenLabs: made from the server's own addresses. */
import type { ElevenLabsAddresses } from '../../../../shared/api/admin.ts';

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** The official widget, talking to this server's own assistant. */
export function ownSocket(at: ElevenLabsAddresses): string {
  return `<elevenlabs-convai orchestrator-url="${at.socket}"></elevenlabs-convai>
<script src="https://unpkg.com/@elevenlabs/convai-widget-embed" async type="text/javascript"></script>`;
}

/** A page asks for its address and its token by itself. */
export function signedAddress(at: ElevenLabsAddresses): string {
  return `const { signed_url, page_token, user_id, cc_session } = await (await fetch("${at.signed_url}")).json();
document.querySelector("elevenlabs-convai").setAttribute("signed-url", signed_url);`;
}

/** Their agent speaks; each message is reported to this server by the page. */
export function pageScript(at: ElevenLabsAddresses, agent: string): string {
  return `<script src="${at.page_script}" async></script>
<elevenlabs-convai agent-id="${agent || 'agent_...'}"></elevenlabs-convai>
<script src="https://unpkg.com/@elevenlabs/convai-widget-embed" async type="text/javascript"></script>`;
}

export function customLlm(at: ElevenLabsAddresses): string {
  return json({
    llm: 'custom-llm',
    custom_llm: {
      url: at.custom_llm,
      model_id: 'chat-centre',
      api_type: 'chat_completions',
      api_key: { secret_id: 'sec_...' },
      request_headers: {
        'X-EL-Conversation-Id': { variable_name: 'system__conversation_id' },
        'X-CC-Session': { variable_name: 'cc_session' },
      },
    },
    cascade_timeout_seconds: 15,
    backup_llm_config: { preference: 'disabled' },
  });
}

export function staffTool(at: ElevenLabsAddresses): string {
  const named = (dynamic_variable: string) => ({ type: 'string', dynamic_variable });
  return json({
    type: 'webhook',
    name: 'request_staff',
    description: 'Put the conversation in the staff queue when the user asks for a person or you cannot help.',
    response_timeout_secs: 10,
    api_schema: {
      url: at.request_staff,
      method: 'POST',
      content_type: 'application/json',
      request_headers: { Authorization: { secret_id: 'sec_...' } },
      request_body_schema: {
        type: 'object',
        required: ['conversation_id', 'summary'],
        properties: {
          conversation_id: named('system__conversation_id'),
          cc_session: named('cc_session'),
          issue_type: { type: 'string', description: 'Kind of issue, in one word' },
          priority: { type: 'string', description: 'normal, high or emergency' },
          summary: { type: 'string', description: 'One or two sentences for staff' },
        },
      },
    },
    assignments: [{ source: 'response', dynamic_variable: 'ticket_id', value_path: 'ticket.id' }],
  });
}

export function lookupTool(at: ElevenLabsAddresses): string {
  return json({
    type: 'webhook',
    name: 'lookup_status',
    description: 'How far the user’s own conversation or ticket is.',
    response_timeout_secs: 10,
    api_schema: {
      url: at.lookup,
      method: 'POST',
      content_type: 'application/json',
      request_headers: { Authorization: { secret_id: 'sec_...' } },
      request_body_schema: {
        type: 'object',
        required: ['conversation_id'],
        properties: {
          conversation_id: { type: 'string', dynamic_variable: 'system__conversation_id' },
          reference: { type: 'string', description: 'The reference that the user names, such as TKT_20241021_XYZ9' },
          email: { type: 'string', description: 'The e-mail address that the user gave with it' },
          phone: { type: 'string', description: 'The telephone number that the user gave with it' },
        },
      },
    },
  });
}
