-- name: schedule
WITH stored AS (
    INSERT INTO job (kind, key, due_at, payload, lane, created_at)
    SELECT $1, g.key, g.due_at, g.payload, g.lane, $6::timestamptz
    FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[]) AS g (key, due_at, payload, lane)
    ON CONFLICT (kind, key) WHERE dead_at IS NULL DO UPDATE
        SET due_at = excluded.due_at, payload = excluded.payload, lane = excluded.lane, attempts = 0,
            lease_until = NULL, last_error = ''
    RETURNING 1
)
SELECT count(*), pg_notify('chat_centre_job_' || split_part($1, '.', 1), '') FROM stored;

-- name: cancel
DELETE FROM job WHERE kind = $1 AND key = $2 AND dead_at IS NULL;

-- name: take_due
-- The job that has been due longest, locked; others are at work on the rest. $3: lanes that have as many hands as they get.
SELECT job_id, kind, key, due_at, payload, attempts, lane FROM job
WHERE dead_at IS NULL AND due_at <= $1 AND kind = ANY ($2::text[]) AND (lease_until IS NULL OR lease_until < $1)
  AND NOT lane = ANY ($3::text[])
ORDER BY due_at, job_id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: lease
UPDATE job SET lease_until = $2, attempts = attempts + 1 WHERE job_id = $1;

-- name: remove
DELETE FROM job WHERE job_id = $1;

-- name: finish
-- Not when it was scheduled anew meanwhile.
DELETE FROM job WHERE job_id = $1 AND attempts = $2 AND dead_at IS NULL;

-- name: try_again
UPDATE job SET due_at = $3, attempts = $2, lease_until = NULL, last_error = $4
WHERE job_id = $1 AND attempts IN ($2, $2 - 1) AND dead_at IS NULL;

-- name: give_up
UPDATE job SET dead_at = $3, attempts = $2, lease_until = NULL, last_error = $4
WHERE job_id = $1 AND attempts IN ($2, $2 - 1) AND dead_at IS NULL;

-- name: next_due
SELECT min(greatest(due_at, coalesce(lease_until, due_at))) FROM job
WHERE dead_at IS NULL AND kind = ANY ($1::text[]) AND NOT lane = ANY ($2::text[]);
