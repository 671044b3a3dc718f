-- Staff in conversations that ElevenLabs holds: what still has to reach them through its monitor socket.

CREATE TABLE elevenlabs_monitor (
    conversation_id bigint PRIMARY KEY REFERENCES conversation,
    from_seq integer NOT NULL,            -- what staff say after this message is sent
    told_seq integer NOT NULL,            -- up to here it has been
    taken_session text NOT NULL DEFAULT '', -- their conversation whose agent we have silenced; '': none
    attempts integer NOT NULL DEFAULT 0,  -- that failed since it last worked
    refused boolean NOT NULL DEFAULT false, -- they answered, and said no
    last_error text NOT NULL DEFAULT '',
    claimed_by text,                      -- the process that holds the socket
    claimed_until timestamptz,
    created_at timestamptz NOT NULL,
    done_at timestamptz                   -- handed back or ended
);
CREATE INDEX elevenlabs_monitor_open ON elevenlabs_monitor (created_at) WHERE done_at IS NULL;

-- What the monitor has told us, so that its repetitions after a reconnection count once.
CREATE TABLE elevenlabs_overheard (
    session text COLLATE "C" NOT NULL,
    side text NOT NULL CHECK (side IN ('user', 'agent')),
    event_no bigint NOT NULL,
    words_hash text COLLATE "C" NOT NULL,
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (session, side, words_hash, event_no)
);
CREATE INDEX elevenlabs_overheard_at ON elevenlabs_overheard (heard_at);
