-- What admins set up for channels, sealed, and when the parts of each were last used.

CREATE TABLE integration_setting (
    name text PRIMARY KEY,
    sealed text NOT NULL,
    updated_by bigint REFERENCES staff,
    updated_at timestamptz NOT NULL
);

CREATE TABLE integration_use (
    integration text NOT NULL,
    part text NOT NULL,
    at timestamptz NOT NULL,
    count bigint NOT NULL,
    detail text NOT NULL DEFAULT '',
    PRIMARY KEY (integration, part)
);
