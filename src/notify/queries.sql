-- name: add_notice
-- A notice whose key is known is the one that was there.
INSERT INTO notice (key, kind, level, conversation_id, ticket, department_id, title_en, title_ar, body_en, body_ar, at)
VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, nullif($6::bigint, 0), $7, $8, $9, $10, $11)
ON CONFLICT (key) WHERE key <> '' DO UPDATE SET key = excluded.key
RETURNING notice_id, (xmax = 0) AS fresh, settled_at IS NOT NULL;

-- name: add_notifications
-- Tells those of the list who were not told yet, and returns them with what their preferences are.
WITH told AS (
    INSERT INTO notification (notice_id, staff_id, step, at)
    SELECT $1::bigint, staff_id, $3::smallint, $4::timestamptz FROM staff
    WHERE active AND staff_id = ANY ($2::bigint[])
    ORDER BY staff_id
    ON CONFLICT ON CONSTRAINT notification_once DO NOTHING
    RETURNING notification_id, staff_id
)
SELECT t.notification_id, s.staff_id, s.name, s.email, s.ui_language, coalesce(p.kinds, '{}'),
       coalesce(p.quiet_from, ''), coalesce(p.quiet_to, '')
FROM told t JOIN staff s USING (staff_id) LEFT JOIN notification_preference p USING (staff_id)
ORDER BY t.notification_id;

-- name: mark_read_at_once
-- Only the browser was to show it: it does not count as unread.
UPDATE notification SET read_at = at WHERE notification_id = ANY ($1::bigint[]);

-- name: managers_of
SELECT s.staff_id FROM staff s JOIN staff_department d USING (staff_id)
WHERE s.active AND s.role = 'manager' AND d.department_id = ANY ($1::bigint[]);

-- name: staff_of_role
SELECT staff_id FROM staff WHERE active AND role = $1;

-- name: who_takes_waiting
-- Agents of the department who have not switched themselves off; of all departments when none is chosen.
SELECT s.staff_id FROM staff s
WHERE s.active AND s.role = 'agent' AND s.availability <> 'offline'
  AND ($1::bigint = 0 OR EXISTS (SELECT 1 FROM staff_department d
                                 WHERE d.staff_id = s.staff_id AND d.department_id = $1::bigint));

-- name: customer_of
SELECT coalesce(nullif(user_name, ''), user_id), status FROM conversation WHERE conversation_id = $1::bigint;

-- name: muted_by
-- Who does not want to hear of this conversation.
SELECT staff_id FROM conversation_mute WHERE conversation_id = $1::bigint;

-- name: find_notice
SELECT notice_id, key, kind, level, coalesce(conversation_id, 0), ticket, coalesce(department_id, 0), title_en,
       title_ar, body_en, body_ar, step, settled_at IS NOT NULL
FROM notice WHERE notice_id = $1::bigint FOR UPDATE;

-- name: climb
UPDATE notice SET step = $2 WHERE notice_id = $1::bigint;

-- name: settle_waiting
-- Somebody has taken the conversation, so nobody needs to any more: it leaves the lists of the others.
WITH settled AS (
    UPDATE notice SET settled_at = $2::timestamptz, settled_by = nullif($3::bigint, 0)
    WHERE conversation_id = $1::bigint AND kind = 'handover' AND settled_at IS NULL
    RETURNING notice_id
), seen AS (
    UPDATE notification n SET read_at = $2::timestamptz FROM settled s
    WHERE n.notice_id = s.notice_id AND n.read_at IS NULL
    RETURNING n.notification_id, n.staff_id
)
SELECT coalesce((SELECT json_agg(DISTINCT staff_id) FROM seen), '[]')::text,
       coalesce((SELECT json_agg(notice_id) FROM settled), '[]')::text;

-- name: list_notifications
SELECT n.notification_id, o.kind, o.level, o.title_en, o.title_ar, o.body_en, o.body_ar, n.at, n.read_at,
       n.acknowledged_at, coalesce(o.conversation_id, 0), o.ticket, n.step, o.settled_at
FROM notification n JOIN notice o USING (notice_id)
WHERE n.staff_id = $1::bigint AND n.notification_id < $2::bigint AND (NOT $3::boolean OR n.read_at IS NULL)
ORDER BY n.notification_id DESC LIMIT $4::bigint;

-- name: count_unread
SELECT count(*) FROM notification WHERE staff_id = $1::bigint AND read_at IS NULL;

-- name: read_some
UPDATE notification SET read_at = $3::timestamptz
WHERE staff_id = $1::bigint AND read_at IS NULL AND notification_id = ANY ($2::bigint[]);

-- name: read_up_to
UPDATE notification SET read_at = $3::timestamptz
WHERE staff_id = $1::bigint AND read_at IS NULL AND notification_id <= $2::bigint;

-- name: acknowledge
UPDATE notification SET acknowledged_at = coalesce(acknowledged_at, $3::timestamptz),
    read_at = coalesce(read_at, $3::timestamptz)
WHERE staff_id = $1::bigint AND notification_id = $2::bigint
RETURNING notice_id;

-- name: settle
UPDATE notice SET settled_at = $2::timestamptz, settled_by = $3::bigint
WHERE notice_id = $1::bigint AND settled_at IS NULL;

-- name: find_preferences
SELECT coalesce(p.kinds, '{}'), coalesce(p.quiet_from, ''), coalesce(p.quiet_to, ''), s.ui_language,
       p.staff_id IS NOT NULL
FROM staff s LEFT JOIN notification_preference p USING (staff_id) WHERE s.staff_id = $1::bigint;

-- name: save_preferences
INSERT INTO notification_preference (staff_id, kinds, quiet_from, quiet_to, updated_at)
VALUES ($1::bigint, $2, nullif($3, ''), nullif($4, ''), $5::timestamptz)
ON CONFLICT (staff_id) DO UPDATE
    SET kinds = excluded.kinds, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
        updated_at = excluded.updated_at;

-- name: add_outbox
-- No row comes back when this cause has its row already.
INSERT INTO outbox (kind, message_id, cause, webhook_id, integration_id, recipient, subject, payload, created_at)
VALUES ($1, $2, nullif($3, ''), nullif($4::bigint, 0), nullif($5::bigint, 0), $6, $7, $8, $9::timestamptz)
ON CONFLICT ON CONSTRAINT outbox_cause DO NOTHING
RETURNING outbox_id;

-- name: find_outbox
SELECT outbox_id, kind, message_id, coalesce(webhook_id, 0), coalesce(integration_id, 0), recipient, subject, payload,
       state, attempts, created_at
FROM outbox WHERE outbox_id = $1::bigint;

-- name: add_attempt
WITH tried AS (
    UPDATE outbox SET attempts = attempts + 1, last_status = $3::integer, last_error = $4, state = $5,
        done_at = CASE WHEN $5 = 'waiting' THEN NULL ELSE $2::timestamptz END
    WHERE outbox_id = $1::bigint
    RETURNING outbox_id, attempts
)
INSERT INTO outbox_attempt (outbox_id, attempt, at, status, error, took_ms)
SELECT outbox_id, attempts, $2::timestamptz, $3::integer, $4, $6::integer FROM tried;

-- name: drop_outbox
UPDATE outbox SET state = 'dropped', last_error = $3, done_at = $2::timestamptz
WHERE outbox_id = $1::bigint AND state = 'waiting';

-- name: wait_again
UPDATE outbox SET state = 'waiting', done_at = NULL
WHERE outbox_id = $1::bigint AND ($2::boolean OR state = 'dead')
RETURNING kind, coalesce(webhook_id, 0), coalesce(integration_id, 0);

-- name: list_outbox
SELECT o.outbox_id, o.kind, o.message_id, o.recipient, o.subject, o.state, o.attempts, o.last_status, o.last_error,
       o.created_at, o.done_at, j.due_at
FROM outbox o
LEFT JOIN job j ON j.kind = 'outbox.' || o.kind AND j.key = o.outbox_id::text AND j.dead_at IS NULL
    AND o.state = 'waiting'
WHERE o.outbox_id < $1::bigint AND ($2::text IS NULL OR o.state = $2) AND ($3::text IS NULL OR o.kind = $3)
  AND ($4::bigint = 0 OR o.outbox_id = $4::bigint)
ORDER BY o.outbox_id DESC LIMIT $5::bigint;

-- name: list_deliveries
SELECT o.outbox_id, o.message_id, o.subject, o.state, o.attempts, o.last_status, o.last_error, o.created_at, o.done_at,
       j.due_at, o.payload,
       coalesce((SELECT json_agg(json_build_object('at', to_char(a.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                                                   'status', a.status, 'error', a.error, 'took_ms', a.took_ms)
                                 ORDER BY a.attempt)
                 FROM outbox_attempt a WHERE a.outbox_id = o.outbox_id), '[]')::text
FROM outbox o
LEFT JOIN job j ON j.kind = 'outbox.webhook' AND j.key = o.outbox_id::text AND j.dead_at IS NULL
    AND o.state = 'waiting'
WHERE o.webhook_id = $1::bigint AND o.outbox_id < $2::bigint AND ($3::text IS NULL OR o.state = $3)
ORDER BY o.outbox_id DESC LIMIT $4::bigint;

-- name: mail_counts
SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead'),
       (SELECT max(done_at) FROM outbox WHERE kind = 'mail' AND state = 'sent')
FROM outbox WHERE kind = 'mail' AND state IN ('waiting', 'dead');

-- name: last_mail_failure
SELECT a.at, a.status, a.error FROM outbox_attempt a JOIN outbox o USING (outbox_id)
WHERE o.kind = 'mail' AND a.error <> '' ORDER BY a.at DESC LIMIT 1;

-- name: sweep_outbox
DELETE FROM outbox WHERE done_at < $1::timestamptz AND state IN ('sent', 'dropped');

-- name: sweep_notices
DELETE FROM notice WHERE at < $1::timestamptz;

-- name: list_webhooks
SELECT webhook_id, url, array_to_json(events)::text, active, failing_since, disabled_reason, former_until, created_at,
       updated_at
FROM webhook WHERE webhook_id > $1::bigint ORDER BY webhook_id LIMIT $2::bigint;

-- name: find_webhook
SELECT webhook_id, url, array_to_json(events)::text, active, failing_since, disabled_reason, former_until, created_at,
       updated_at
FROM webhook WHERE webhook_id = $1::bigint;

-- name: webhook_secrets
SELECT secret, CASE WHEN former_until > $2::timestamptz THEN former_secret END FROM webhook WHERE webhook_id = $1::bigint;

-- name: add_webhook
INSERT INTO webhook (url, events, active, secret, from_event, created_at, updated_at)
VALUES ($1, $2::text[], $3::boolean, $4, (SELECT event_id FROM event_head), $5::timestamptz, $5::timestamptz)
RETURNING webhook_id;

-- name: change_webhook
-- Whoever switches it on again has mended it: what happened meanwhile is not sent afterwards.
UPDATE webhook SET url = $2, events = $3::text[], active = $4::boolean, updated_at = $5::timestamptz,
    from_event = CASE WHEN $4::boolean AND NOT active THEN (SELECT event_id FROM event_head) ELSE from_event END,
    failing_since = CASE WHEN $4::boolean AND NOT active THEN NULL ELSE failing_since END,
    disabled_reason = CASE WHEN $4::boolean THEN '' ELSE disabled_reason END
WHERE webhook_id = $1::bigint;

-- name: rotate_secret
UPDATE webhook SET former_secret = secret, former_until = $3::timestamptz, secret = $2, updated_at = $4::timestamptz
WHERE webhook_id = $1::bigint;

-- name: remove_webhook
DELETE FROM webhook WHERE webhook_id = $1::bigint;

-- name: webhook_arrived
UPDATE webhook SET failing_since = NULL WHERE webhook_id = $1::bigint AND failing_since IS NOT NULL;

-- name: webhook_failed
UPDATE webhook SET failing_since = coalesce(failing_since, $2::timestamptz) WHERE webhook_id = $1::bigint
RETURNING failing_since, active;

-- name: disable_webhook
UPDATE webhook SET active = false, disabled_reason = $2, updated_at = $3::timestamptz
WHERE webhook_id = $1::bigint AND active
RETURNING url;

-- name: wanted_types
SELECT DISTINCT unnest(events) FROM webhook WHERE active;

-- name: active_webhooks
SELECT webhook_id, url, array_to_json(events)::text, from_event FROM webhook WHERE active ORDER BY webhook_id;

-- name: list_integrations
SELECT integration_id, kind, name, url_host, array_to_json(events)::text, active, created_at, updated_at
FROM integration WHERE integration_id > $1::bigint ORDER BY integration_id LIMIT $2::bigint;

-- name: find_integration
SELECT integration_id, kind, name, url_host, array_to_json(events)::text, active, created_at, updated_at
FROM integration WHERE integration_id = $1::bigint;

-- name: integration_url
SELECT url, active FROM integration WHERE integration_id = $1::bigint;

-- name: add_integration
INSERT INTO integration (kind, name, url, url_host, events, active, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5::text[], $6::boolean, $7::timestamptz, $7::timestamptz)
RETURNING integration_id;

-- name: change_integration
UPDATE integration SET name = $2, url = coalesce($3, url), url_host = coalesce($4, url_host), events = $5::text[],
    active = $6::boolean, updated_at = $7::timestamptz
WHERE integration_id = $1::bigint;

-- name: remove_integration
DELETE FROM integration WHERE integration_id = $1::bigint;

-- name: integrations_for
SELECT integration_id, kind, name, url_host FROM integration
WHERE active AND events && $1::text[] ORDER BY integration_id;

-- name: keep_key
INSERT INTO setting (name, value) VALUES ('secret_key', $1) ON CONFLICT (name) DO NOTHING;

-- name: kept_key
SELECT value FROM setting WHERE name = 'secret_key';
