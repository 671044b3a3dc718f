-- name: add
-- The tag covers the row's own id and time, so they are taken first.
WITH given AS (
    SELECT nextval(pg_get_serial_sequence('audit', 'audit_id')) AS audit_id, now() AS at, r.actor_kind, r.actor_id,
           r.actor_name, r.action, r.target, r.detail, r.address, r.request_id
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[], $8::text[])
        AS r (actor_kind, actor_id, actor_name, action, target, detail, address, request_id)
)
INSERT INTO audit (audit_id, at, actor_kind, actor_id, actor_name, action, target, detail, address, request_id, tag)
OVERRIDING SYSTEM VALUE
SELECT g.*, audit_tag(audit_content(g.audit_id, g.at, g.actor_kind, g.actor_id, g.actor_name, g.action, g.target,
                                    g.detail, g.address, g.request_id))
FROM given g;

-- name: list
SELECT audit_id, at, actor_kind, actor_id, actor_name, action, target, detail::text, address, request_id,
       (SELECT s.hash FROM audit_seal s WHERE s.audit_id = audit.audit_id)
FROM audit
WHERE audit_id < $1::bigint
  AND ($2::text IS NULL OR action = $2 OR starts_with(action, $2 || '.'))
  AND ($3::text IS NULL OR target = $3)
  AND ($4::text IS NULL OR (actor_kind = $4 AND actor_id IS NOT DISTINCT FROM $5::bigint))
  AND ($6::timestamptz IS NULL OR at >= $6)
  AND ($7::timestamptz IS NULL OR at < $7)
ORDER BY audit_id DESC
LIMIT $8::bigint;

-- The chain ------------------------------------------------------------------------------------------------------

-- name: try_chain_lock
SELECT pg_try_advisory_xact_lock($1::bigint);

-- name: last_seal
SELECT seal_no, hash, (SELECT max(audit_id) FROM audit_seal) FROM audit_seal ORDER BY seal_no DESC LIMIT 1;

-- name: unsealed
-- Committed rows without a seal. Ids are taken before COMMIT, so a lower one may come later than a higher: $1 is where
-- to begin to look, not what is done.
SELECT a.audit_id, audit_content(a.audit_id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action, a.target, a.detail,
                                 a.address, a.request_id), a.tag
FROM audit a
WHERE a.audit_id > $1::bigint AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.audit_id)
ORDER BY a.audit_id LIMIT $2;

-- name: add_seals
INSERT INTO audit_seal (seal_no, audit_id, hash) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[]);

-- name: read_chain
-- Each seal with its row as it is now; NULL content: the row is gone.
SELECT s.seal_no, s.audit_id, s.hash, r.content, a.tag, audit_tag(r.content), a.action, a.target
FROM audit_seal s
LEFT JOIN audit a ON a.audit_id = s.audit_id
LEFT JOIN LATERAL (
    SELECT audit_content(a.audit_id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action, a.target, a.detail,
                         a.address, a.request_id) AS content WHERE a.audit_id IS NOT NULL) r ON true
WHERE s.seal_no > $1::bigint ORDER BY s.seal_no LIMIT $2;

-- name: read_tail
-- Rows without a seal, and whether this program wrote them.
SELECT a.audit_id, a.tag = audit_tag(audit_content(a.audit_id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.action,
                                                   a.target, a.detail, a.address, a.request_id)), a.action, a.target
FROM audit a
WHERE a.audit_id > $1::bigint AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.audit_id = a.audit_id)
ORDER BY a.audit_id LIMIT $2;
