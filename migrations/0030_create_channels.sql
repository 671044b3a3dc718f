-- Channels that are set up rather than built: WhatsApp by a gateway, and any system that posts and takes JSON.

CREATE TABLE channel (
    channel_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL CONSTRAINT channel_name UNIQUE CHECK (name ~ '^[a-z][a-z0-9-]{1,39}$'),
    kind text NOT NULL CHECK (kind IN ('whatsapp', 'json')),
    name_en text NOT NULL,
    name_ar text NOT NULL,
    active boolean NOT NULL DEFAULT true,
    scenario text NOT NULL DEFAULT '', -- of the conversations that begin here; '': the default one
    secret text,                       -- sealed: what a sender proves itself with
    secret_header text NOT NULL DEFAULT 'x-channel-secret',
    mapping text NOT NULL DEFAULT '{}', -- JSON: where in a body the parts of a message are; kind json only
    send_url text,                     -- sealed, as addresses of gateways often hold a key; null: replies stay here
    send_host text NOT NULL DEFAULT '',  -- what people are shown of it
    send_headers text,                 -- sealed: a JSON object
    send_header_names text[] NOT NULL DEFAULT '{}',
    send_body text NOT NULL DEFAULT '',
    send_format text NOT NULL DEFAULT 'json' CHECK (send_format IN ('json', 'form')),
    send_from bigint, -- replies stored after this event are sent; null: none is
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

INSERT INTO channel (name, kind, name_en, name_ar, created_at, updated_at)
VALUES ('whatsapp', 'whatsapp', 'WhatsApp', 'واتساب', now(), now());

-- A reply on its way out. Its text is the message's; within a conversation they leave in the order of seq.
CREATE TABLE channel_delivery (
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel_id bigint NOT NULL REFERENCES channel ON DELETE CASCADE,
    conversation_id bigint NOT NULL,
    seq integer NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead', 'dropped')),
    attempts integer NOT NULL DEFAULT 0,
    last_status integer NOT NULL DEFAULT 0, -- of HTTP; 0: no answer
    last_error text NOT NULL DEFAULT '',
    external_id text COLLATE "C" NOT NULL DEFAULT '', -- what the other side calls it
    claimed_until timestamptz,                        -- somebody is sending it until then
    since timestamptz NOT NULL,                       -- the attempts began: after a day they end
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT channel_delivery_once UNIQUE (conversation_id, seq)
);
CREATE INDEX channel_delivery_waiting ON channel_delivery (conversation_id, seq) WHERE state = 'waiting';
CREATE INDEX channel_delivery_dead ON channel_delivery (delivery_id DESC) WHERE state = 'dead';
CREATE INDEX channel_delivery_channel ON channel_delivery (channel_id, delivery_id DESC);
CREATE INDEX channel_delivery_external ON channel_delivery (external_id) WHERE external_id <> '';
