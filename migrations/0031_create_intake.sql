-- The guided intake: where each call stands, and the prompts that admins have replaced.

CREATE TABLE intake (
    conversation_id bigint PRIMARY KEY REFERENCES conversation ON DELETE CASCADE,
    call_id text COLLATE "C" NOT NULL CONSTRAINT intake_call_id_key UNIQUE, -- CALL_YYYYMMDDHHMMSS_XXXXXX
    stage text NOT NULL,
    language text NOT NULL DEFAULT '',
    state jsonb NOT NULL,                  -- intake::state
    pending text[] NOT NULL DEFAULT '{}',  -- effects that are decided and not yet done
    last_said jsonb NOT NULL DEFAULT '[]', -- the parts of what was said last
    heard_seq integer NOT NULL DEFAULT 0,  -- the customer's messages up to here are in the state
    on_hold boolean NOT NULL DEFAULT false, -- the customer asked to be left alone for a while: no timeouts
    started_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    ended_at timestamptz,
    stages jsonb NOT NULL DEFAULT '[]'     -- [{"stage","at"}] in the order they were reached
);
CREATE INDEX intake_open ON intake (updated_at) WHERE ended_at IS NULL;

-- Only texts that differ from the shipped ones.
CREATE TABLE intake_prompt (
    department text NOT NULL,
    key text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'ar')),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
    updated_by bigint REFERENCES staff,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (department, key, language)
);

-- A conversation whose alerts a member of staff does not want to hear ("mute").
CREATE TABLE conversation_mute (
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    conversation_id bigint NOT NULL REFERENCES conversation ON DELETE CASCADE,
    at timestamptz NOT NULL,
    PRIMARY KEY (staff_id, conversation_id)
);
