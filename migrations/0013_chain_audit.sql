-- The audit log shows when somebody has edited it in the database (docs/decisions/0015-audit-chain.md). Each row is
-- signed as it is written, and each is sealed soon after: SHA-256 over the seal before it and its own content.

INSERT INTO setting (name, value) VALUES ('audit_key',
    encode(sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex'));

-- All of a row, in one unambiguous text.
CREATE FUNCTION audit_content(audit_id bigint, at timestamptz, actor_kind text, actor_id bigint, actor_name text,
                              action text, target text, detail jsonb, address text, request_id text) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT json_build_array(audit_id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), actor_kind, actor_id,
                            actor_name, action, target, detail::text, address, request_id)::text
$$;

-- Tells a row that this program wrote from one that was put in by hand.
CREATE FUNCTION audit_tag(content text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(s.value || content || s.value, 'UTF8')), 'hex')
    FROM setting s WHERE s.name = 'audit_key'
$$;

ALTER TABLE audit ADD COLUMN tag text NOT NULL DEFAULT '';
ALTER TABLE audit DISABLE TRIGGER audit_no_change;
UPDATE audit SET tag = audit_tag(audit_content(audit_id, at, actor_kind, actor_id, actor_name, action, target, detail,
                                               address, request_id));
ALTER TABLE audit ENABLE TRIGGER audit_no_change;

CREATE TABLE audit_seal (
    seal_no bigint PRIMARY KEY, -- 1..n without a gap
    audit_id bigint NOT NULL CONSTRAINT audit_seal_audit_id_key UNIQUE,
    hash text NOT NULL          -- of the hash before it, the row's content and its tag
);
CREATE TRIGGER audit_seal_no_change BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
