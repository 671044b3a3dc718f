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
CREATE TABLE IF NOT EXISTS department_hours (
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    day smallint NOT NULL CHECK (day BETWEEN 1 AND 7), -- Monday first
    opens time NOT NULL,
    closes time NOT NULL,
    PRIMARY KEY (department_id, day, opens),
    CHECK (opens < closes)
);
CREATE TABLE IF NOT EXISTS department_holiday (
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    day date NOT NULL,
    name text NOT NULL DEFAULT '',
    PRIMARY KEY (department_id, day)
);
ALTER TABLE department ADD COLUMN IF NOT EXISTS time_zone text NOT NULL DEFAULT 'UTC';
