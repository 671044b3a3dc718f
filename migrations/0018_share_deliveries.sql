-- Work that goes to the same place (an endpoint, a channel) names it, so that one place never takes all hands.
ALTER TABLE job ADD COLUMN lane text COLLATE "C" NOT NULL DEFAULT ''; -- '': none
UPDATE job j SET lane = coalesce('webhook-' || o.webhook_id, 'integration-' || o.integration_id, '')
FROM outbox o WHERE j.kind IN ('outbox.webhook', 'outbox.slack', 'outbox.teams') AND j.key = o.outbox_id::text;

-- The notices about a ticket: whether anybody has acknowledged one decides if a missed target goes another level up.
CREATE INDEX notice_ticket ON notice (ticket, notice_id) WHERE ticket <> '';

-- Runners listen for the jobs of their features only.
CREATE OR REPLACE FUNCTION sla_hours_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO job (kind, key, due_at, payload, created_at) VALUES ('sla.recount', 'all', 'epoch', '{"after":0}', now())
    ON CONFLICT (kind, key) WHERE dead_at IS NULL DO UPDATE SET due_at = 'epoch', payload = '{"after":0}';
    PERFORM pg_notify('chat_centre_job_sla', '');
    RETURN NULL;
END $$;
