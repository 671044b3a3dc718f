-- People on our side, how they sign in, and the settings the server makes for itself.

CREATE TABLE setting (
    name text PRIMARY KEY,
    value text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE department (
    department_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL CONSTRAINT department_slug_key UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
    name_en text NOT NULL,
    name_ar text NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX department_one_default ON department (is_default) WHERE is_default;

INSERT INTO department (slug, name_en, name_ar, is_default) VALUES
    ('reception', 'Reception', 'الاستقبال', true),
    ('sales', 'Sales', 'المبيعات', false),
    ('complaints', 'Complaints', 'الشكاوى', false),
    ('billing', 'Billing', 'الفواتير', false),
    ('tech-support', 'Tech Support', 'الدعم الفني', false),
    ('account', 'Account', 'الحسابات', false),
    ('education', 'Education Support', 'دعم التعليم', false),
    ('medical', 'Medical Assistance', 'المساعدة الطبية', false),
    ('goodsam', 'GoodSam Medical', 'جودسام الطبية', false),
    ('scholarship', 'Scholarship', 'المنح الدراسية', false),
    ('status-check', 'Status Check', 'متابعة الطلبات', false),
    ('community', 'Community Project', 'المشاريع المجتمعية', false);

CREATE TABLE staff (
    staff_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('agent', 'engineer', 'manager', 'admin')),
    languages text[] NOT NULL DEFAULT '{}',
    capacity integer NOT NULL DEFAULT 5 CHECK (capacity BETWEEN 0 AND 1000),
    active boolean NOT NULL DEFAULT true,
    availability text NOT NULL DEFAULT 'online' CHECK (availability IN ('online', 'away', 'offline')),
    ui_language text NOT NULL DEFAULT 'en',
    role_version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX staff_email_key ON staff (lower(email));

CREATE TABLE staff_department (
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    PRIMARY KEY (staff_id, department_id)
);

-- One sign-in. The refresh token rotates; a used one that comes again revokes the whole sign-in.
CREATE TABLE session (
    session_id text PRIMARY KEY,
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    refresh_hash text NOT NULL,
    previous_hash text,
    rotated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text
);
CREATE UNIQUE INDEX session_refresh_hash_key ON session (refresh_hash);
CREATE INDEX session_previous_hash ON session (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX session_staff ON session (staff_id);

-- Failed sign-ins per account and per address: kept here so that a restart does not clear them.
CREATE TABLE login_failure (
    subject text PRIMARY KEY,
    failures integer NOT NULL,
    blocked_until timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE api_key (
    api_key_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    key_hash text NOT NULL CONSTRAINT api_key_hash_key UNIQUE,
    hint text NOT NULL,
    scopes text[] NOT NULL DEFAULT '{sync}',
    rate_per_second integer NOT NULL DEFAULT 0,
    created_by bigint REFERENCES staff,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE TABLE audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'customer', 'api_key', 'system')),
    actor_id bigint,
    actor_name text NOT NULL DEFAULT '',
    action text NOT NULL,
    target text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}',
    address text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT ''
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_target ON audit (target, audit_id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
