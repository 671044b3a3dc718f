-- Service levels: how soon a ticket is answered and resolved, counted in the opening hours of its department.

CREATE TABLE sla_policy (
    sla_policy_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT sla_policy_name_key UNIQUE,
    department_id bigint REFERENCES department, -- null: any
    category text,
    priority text CHECK (priority IN ('emergency', 'high', 'normal', 'low')),
    first_response_minutes integer NOT NULL CHECK (first_response_minutes BETWEEN 1 AND 525600),
    resolution_minutes integer NOT NULL CHECK (resolution_minutes BETWEEN 1 AND 525600),
    reminder_minutes integer NOT NULL DEFAULT 30 CHECK (reminder_minutes BETWEEN 0 AND 10080),
    business_hours boolean NOT NULL DEFAULT true,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO sla_policy (name, priority, first_response_minutes, resolution_minutes, business_hours) VALUES
    ('Emergency', 'emergency', 15, 240, false),
    ('High', 'high', 60, 480, true),
    ('Normal', NULL, 240, 1440, true),
    ('Low', 'low', 480, 2880, true);

-- A department's opening hours. Without rows it is open around the clock.
ALTER TABLE department ADD COLUMN IF NOT EXISTS time_zone text NOT NULL DEFAULT 'UTC';
CREATE TABLE IF NOT EXISTS department_hours (
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    day smallint NOT NULL CHECK (day BETWEEN 1 AND 7), -- Monday first
    opens time NOT NULL,
    closes time NOT NULL, -- 24:00 is the end of the day
    CHECK (opens < closes)
);
CREATE INDEX IF NOT EXISTS department_hours_department ON department_hours (department_id);
CREATE TABLE IF NOT EXISTS department_holiday (
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    day date NOT NULL,
    name text NOT NULL
);
CREATE INDEX IF NOT EXISTS department_holiday_department ON department_holiday (department_id);

-- Whoever changes the hours, the clocks of open tickets count anew: the job sla.recount, due at once whatever the time.
CREATE FUNCTION sla_hours_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO job (kind, key, due_at, payload, created_at) VALUES ('sla.recount', 'all', 'epoch', '{"after":0}', now())
    ON CONFLICT (kind, key) WHERE dead_at IS NULL DO UPDATE SET due_at = 'epoch', payload = '{"after":0}';
    PERFORM pg_notify('chat_centre_job', '');
    RETURN NULL;
END $$;
CREATE TRIGGER sla_hours_changed AFTER INSERT OR UPDATE OR DELETE ON department_hours
    FOR EACH STATEMENT EXECUTE FUNCTION sla_hours_changed();
CREATE TRIGGER sla_holiday_changed AFTER INSERT OR UPDATE OR DELETE ON department_holiday
    FOR EACH STATEMENT EXECUTE FUNCTION sla_hours_changed();
CREATE TRIGGER sla_zone_changed AFTER UPDATE OF time_zone ON department
    FOR EACH ROW WHEN (old.time_zone IS DISTINCT FROM new.time_zone) EXECUTE FUNCTION sla_hours_changed();
