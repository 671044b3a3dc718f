-- name: find_setting
SELECT value FROM setting WHERE name = $1;

-- name: add_setting
INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3::timestamptz) ON CONFLICT (name) DO NOTHING;

-- name: change_setting
UPDATE setting SET value = $2, updated_at = $3::timestamptz WHERE name = $1;

-- name: lock_identity
SELECT pg_advisory_xact_lock($1::bigint);

-- name: find_account_by_email
SELECT staff_id, name, email, password_hash, role, role_version, active
FROM staff WHERE lower(email) = lower($1);

-- name: find_account
SELECT staff_id, name, email, password_hash, role, role_version, active
FROM staff WHERE staff_id = $1::bigint;

-- name: change_password_hash
UPDATE staff SET password_hash = $3, updated_at = $4::timestamptz
WHERE staff_id = $1::bigint AND password_hash = $2;

-- name: count_active_admins
SELECT count(*) FROM staff WHERE role = 'admin' AND active;

-- name: add_admin
INSERT INTO staff (name, email, password_hash, role, created_at, updated_at)
VALUES ($1, $2, $3, 'admin', $4::timestamptz, $4::timestamptz)
RETURNING staff_id;

-- name: find_login_failures
SELECT failures, blocked_until, updated_at FROM login_failure WHERE subject = $1;

-- name: begin_login_failures
INSERT INTO login_failure (subject, failures, blocked_until, updated_at)
VALUES ($1, 0, $2::timestamptz, $2::timestamptz)
ON CONFLICT (subject) DO NOTHING;

-- name: lock_login_failures
SELECT failures, blocked_until, updated_at FROM login_failure WHERE subject = $1 FOR UPDATE;

-- name: change_login_failures
UPDATE login_failure SET failures = $2::bigint, blocked_until = $3::timestamptz, updated_at = $4::timestamptz
WHERE subject = $1;

-- name: forget_login_failures
DELETE FROM login_failure WHERE subject = $1;

-- name: forget_old_login_failures
DELETE FROM login_failure WHERE subject IN
    (SELECT subject FROM login_failure WHERE updated_at < $1::timestamptz
     LIMIT 50 FOR UPDATE SKIP LOCKED);

-- name: add_session
INSERT INTO session (session_id, staff_id, refresh_hash, created_at, used_at, expires_at)
VALUES ($1, $2::bigint, $3, $4::timestamptz, $4::timestamptz, $5::timestamptz);

-- name: lock_session_by_refresh
SELECT session_id, staff_id, created_at, used_at, expires_at, rotated_at, revoked_at IS NOT NULL
FROM session WHERE refresh_hash = $1 FOR UPDATE;

-- name: lock_session_by_previous
SELECT session_id, staff_id, created_at, used_at, expires_at, rotated_at, revoked_at IS NOT NULL
FROM session WHERE previous_hash = $1 FOR UPDATE;

-- name: lock_session
SELECT session_id, staff_id, created_at, used_at, expires_at, rotated_at, revoked_at IS NOT NULL
FROM session WHERE session_id = $1 FOR UPDATE;

-- name: rotate_session
UPDATE session SET previous_hash = refresh_hash, refresh_hash = $2, rotated_at = $3::timestamptz,
    used_at = $3::timestamptz
WHERE session_id = $1;

-- name: revoke_session
UPDATE session SET revoked_at = $2::timestamptz, revoked_reason = $3
WHERE session_id = $1 AND revoked_at IS NULL
RETURNING staff_id;

-- name: revoke_sessions_of
UPDATE session SET revoked_at = $2::timestamptz, revoked_reason = $3
WHERE staff_id = $1::bigint AND revoked_at IS NULL AND session_id <> $4
RETURNING session_id;

-- name: delete_dead_sessions
DELETE FROM session
WHERE staff_id = $1::bigint AND (expires_at < $2::timestamptz OR used_at < $2::timestamptz OR revoked_at < $2::timestamptz);

-- name: list_access
SELECT s.staff_id, s.name, s.role, s.role_version, s.active,
    COALESCE((SELECT json_agg(d.department_id) FROM staff_department d WHERE d.staff_id = s.staff_id), '[]')::text
FROM staff s
WHERE $1::bigint = 0 OR s.staff_id = $1;

-- name: list_revoked_sessions
SELECT session_id, revoked_at FROM session WHERE revoked_at > $1::timestamptz;

-- name: list_live_api_keys
SELECT api_key_id, name, key_hash, array_to_json(scopes)::text, rate_per_second FROM api_key WHERE revoked_at IS NULL;

-- name: list_api_keys
SELECT api_key_id, name, hint, array_to_json(scopes)::text, created_at, revoked_at
FROM api_key
WHERE api_key_id < $1::bigint
ORDER BY api_key_id DESC
LIMIT $2::bigint;

-- name: add_api_key
INSERT INTO api_key (name, key_hash, hint, scopes, rate_per_second, created_by, created_at)
VALUES ($1, $2, $3, $4::text[], $5::integer, $6::bigint, $7::timestamptz)
RETURNING api_key_id;

-- name: find_api_key_by_hash
SELECT api_key_id, name, revoked_at IS NOT NULL FROM api_key WHERE key_hash = $1;

-- name: count_api_keys
SELECT count(*) FROM api_key;

-- name: revoke_api_key
UPDATE api_key SET revoked_at = $2::timestamptz
WHERE api_key_id = $1::bigint AND revoked_at IS NULL
RETURNING name;

-- name: find_api_key
SELECT name, revoked_at FROM api_key WHERE api_key_id = $1::bigint;

-- name: retire_api_keys_named
UPDATE api_key SET revoked_at = $3::timestamptz, name = $2
WHERE name = $1 AND revoked_at IS NULL AND key_hash <> $4
RETURNING api_key_id;

-- name: restore_api_key
UPDATE api_key SET revoked_at = NULL, name = $2 WHERE api_key_id = $1::bigint;
