-- Telling people and other systems: the in-app centre, preferences, and the outbox of everything that leaves the server.

-- What somebody is to know, once, in both languages; who was told is in notification.
CREATE TABLE notice (
    notice_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL DEFAULT '', -- a person is told once of a key; '': every time
    kind text NOT NULL,
    level text NOT NULL CHECK (level IN ('info', 'warning', 'urgent')),
    conversation_id bigint, -- no reference: what happened is told even when the conversation is erased
    ticket text NOT NULL DEFAULT '',
    department_id bigint, -- whose managers are next when nobody acknowledges
    title_en text NOT NULL,
    title_ar text NOT NULL,
    body_en text NOT NULL,
    body_ar text NOT NULL,
    at timestamptz NOT NULL,
    step smallint NOT NULL DEFAULT 0, -- of the ladder: 0 those it was for, 1 their managers, 2 admins
    settled_at timestamptz,           -- acknowledged, or what it asked for has been done
    settled_by bigint REFERENCES staff
);
CREATE UNIQUE INDEX notice_key ON notice (key) WHERE key <> '';
CREATE INDEX notice_unsettled ON notice (conversation_id) WHERE settled_at IS NULL AND conversation_id IS NOT NULL;

CREATE TABLE notification (
    notification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    notice_id bigint NOT NULL REFERENCES notice ON DELETE CASCADE,
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    step smallint NOT NULL DEFAULT 0,
    at timestamptz NOT NULL,
    read_at timestamptz,
    acknowledged_at timestamptz,
    CONSTRAINT notification_once UNIQUE (notice_id, staff_id)
);
CREATE INDEX notification_centre ON notification (staff_id, notification_id DESC);
CREATE INDEX notification_unread ON notification (staff_id, notification_id DESC) WHERE read_at IS NULL;

CREATE TABLE notification_preference (
    staff_id bigint PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
    kinds text NOT NULL DEFAULT '{}', -- JSON: {"handover":{"in_app":true,"browser":true,"mail":false}}
    quiet_from text CHECK (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    quiet_to text CHECK (quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    updated_at timestamptz NOT NULL
);

CREATE TABLE webhook (
    webhook_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url text NOT NULL,
    events text[] NOT NULL,
    active boolean NOT NULL DEFAULT true,
    secret text NOT NULL,  -- sealed
    former_secret text,    -- sealed; signs beside the new one until former_until
    former_until timestamptz,
    from_event bigint NOT NULL, -- events up to this one happened before it was there
    failing_since timestamptz,  -- no delivery has arrived since
    disabled_reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- A channel of the company's chat that notices go to.
CREATE TABLE integration (
    integration_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('slack', 'teams')),
    name text NOT NULL,
    url text NOT NULL,      -- sealed: whoever has it may post there
    url_host text NOT NULL, -- what people are shown of it
    events text[] NOT NULL, -- kinds of notices, their beginnings ("sla"), or '*'
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- What leaves the server: written in the transaction of its cause, sent by a job of the same number.
CREATE TABLE outbox (
    outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('mail', 'slack', 'teams', 'webhook')),
    message_id text COLLATE "C" NOT NULL CONSTRAINT outbox_message_id UNIQUE, -- the same at every attempt
    cause text COLLATE "C" CONSTRAINT outbox_cause UNIQUE, -- one row for one cause, however often that is handled
    webhook_id bigint REFERENCES webhook ON DELETE CASCADE,
    integration_id bigint REFERENCES integration ON DELETE CASCADE,
    recipient text NOT NULL, -- an address, or the host
    subject text NOT NULL,   -- the type of the event, or the mail's subject
    payload text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead', 'dropped')),
    attempts integer NOT NULL DEFAULT 0,
    last_status integer NOT NULL DEFAULT 0, -- of HTTP or SMTP; 0: no answer
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    done_at timestamptz
);
CREATE INDEX outbox_webhook ON outbox (webhook_id, outbox_id DESC) WHERE webhook_id IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (outbox_id DESC) WHERE state = 'dead';
CREATE INDEX outbox_waiting ON outbox (outbox_id DESC) WHERE state = 'waiting';
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX outbox_integration ON outbox (integration_id) WHERE integration_id IS NOT NULL;

CREATE TABLE outbox_attempt (
    outbox_id bigint NOT NULL REFERENCES outbox ON DELETE CASCADE,
    attempt integer NOT NULL,
    at timestamptz NOT NULL,
    status integer NOT NULL, -- 0: no answer
    error text NOT NULL,     -- '': it arrived
    took_ms integer NOT NULL,
    PRIMARY KEY (outbox_id, attempt)
);
