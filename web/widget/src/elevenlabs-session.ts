// What one session of ElevenLabs' widget says, as the server is to be told: pure.

export interface Line {
  sender: 'user' | 'assistant';
  message: string;
  /** The how-manieth time this side says these words in the session: with it, what the page reports and what the custom
   *  LLM or the transcript reports is one message. */
  occurrence: number;
}

/** Runs of white space one space, none at the ends: the server counts the same words alike. */
export function plainWords(text: string): string {
  return text.replace(/[ \t\n\r\f\v]+/g, ' ').replace(/^ | $/g, '');
}

export class SessionLines {
  readonly #times = new Map<string, number>();

  /** A client event that leaves the page: what the customer typed. */
  outgoing(event: unknown): Line | null {
    if (field(event, 'type') !== 'user_message') return null;
    return this.#line('user', field(event, 'text'));
  }

  /** A server event: what the customer spoke, or the agent answered. */
  incoming(event: unknown): Line | null {
    switch (field(event, 'type')) {
      case 'user_transcript':
        return this.#line('user', field(field(event, 'user_transcription_event'), 'user_transcript'));
      case 'agent_response':
        return this.#line('assistant', field(field(event, 'agent_response_event'), 'agent_response'));
      default:
        return null; // corrections come with the transcript: what was stored stays
    }
  }

  #line(sender: Line['sender'], text: unknown): Line | null {
    if (typeof text !== 'string' || plainWords(text) === '') return null;
    const key = `${sender}:${plainWords(text)}`;
    const occurrence = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, occurrence);
    return { sender, message: text.slice(0, 16_000), occurrence };
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
