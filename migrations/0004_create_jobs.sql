-- Work that is due at a time: reminders, time-outs, outgoing mail. One row until it is done.
CREATE TABLE job (
    job_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    payload text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    lease_until timestamptz, -- somebody is at it until then
    dead_at timestamptz,     -- given up; kept for people to look at
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX job_waiting_key ON job (kind, key) WHERE dead_at IS NULL;
CREATE INDEX job_due ON job (due_at) WHERE dead_at IS NULL;
CREATE INDEX job_dead ON job (dead_at) WHERE dead_at IS NOT NULL;
