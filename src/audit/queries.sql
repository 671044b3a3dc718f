-- name: add
INSERT INTO audit (actor_kind, actor_id, actor_name, action, target, detail, address, request_id)
VALUES ($1, $2::bigint, $3, $4, $5, $6::jsonb, $7, $8);

-- name: list
SELECT audit_id, at, actor_kind, actor_id, actor_name, action, target, detail::text, address, request_id
FROM audit
WHERE audit_id < $1::bigint
  AND ($2::text IS NULL OR action = $2 OR starts_with(action, $2 || '.'))
  AND ($3::text IS NULL OR target = $3)
  AND ($4::text IS NULL OR (actor_kind = $4 AND actor_id IS NOT DISTINCT FROM $5::bigint))
  AND ($6::timestamptz IS NULL OR at >= $6)
  AND ($7::timestamptz IS NULL OR at < $7)
ORDER BY audit_id DESC
LIMIT $8::bigint;
