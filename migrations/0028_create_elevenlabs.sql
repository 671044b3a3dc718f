-- Events of ElevenLabs as they came in, what the other side calls our conversations, and the turns of the custom LLM.

CREATE TABLE elevenlabs_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type text NOT NULL,
    session text NOT NULL DEFAULT '', -- their conversation id
    event_timestamp text NOT NULL DEFAULT '',
    body_hash text NOT NULL,
    body text NOT NULL, -- as received
    received_at timestamptz NOT NULL,
    processed_at timestamptz,
    conversation_id bigint REFERENCES conversation,
    result jsonb, -- what became of it
    -- A retry is the same in all four; a later event of one conversation differs in the hash at least.
    CONSTRAINT elevenlabs_event_once UNIQUE (type, session, event_timestamp, body_hash)
);
CREATE INDEX elevenlabs_event_session ON elevenlabs_event (session, event_id);

-- Our own name of a visit (cc_session), which reaches us where their conversation id does not.
CREATE TABLE elevenlabs_visit (
    cc_session text PRIMARY KEY,
    session text NOT NULL,
    seen_at timestamptz NOT NULL
);

-- One row for each customer turn that the custom LLM was asked about. key: the session. text_hash: of the turn's text in
-- the request; a revised transcript gives another row of the same number.
CREATE TABLE elevenlabs_turn (
    key text COLLATE "C" NOT NULL,
    n integer NOT NULL,
    text_hash text NOT NULL,
    conversation_id bigint NOT NULL,
    seq integer NOT NULL,         -- of the customer's message; 0 for the greeting
    reply text,                   -- what was answered, JSON; null while it is under way
    replied_at timestamptz,
    told_seq integer NOT NULL,    -- up to here the customer has been told what others said
    at timestamptz NOT NULL,
    PRIMARY KEY (key, n, text_hash)
);
CREATE INDEX elevenlabs_turn_at ON elevenlabs_turn (at);
