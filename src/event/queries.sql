-- name: append
-- Takes the ids from the counter row, whose lock is held until COMMIT, and stores the events under them. An id that
-- somebody has seen is never given again, so this COMMIT waits for the disk, also in a session that does not otherwise.
WITH head AS (
    UPDATE event_head SET event_id = event_id + $1 RETURNING event_id - $1 AS base
), stored AS (
    INSERT INTO event (event_id, type, at, conversation_id, audience, assigned, department, waiting,
                       before_assigned, before_department, before_waiting, data, public_data, message_seq)
    SELECT head.base + e.n, e.type, e.at, e.conversation_id, e.audience, e.assigned, e.department, e.waiting,
           e.before_assigned, e.before_department, e.before_waiting, e.data, e.public_data, e.message_seq
    FROM head,
         unnest($2::text[], $3::timestamptz[], $4::bigint[], $5::smallint[], $6::bigint[], $7::bigint[],
                $8::boolean[], $9::bigint[], $10::bigint[], $11::boolean[], $12::text[], $13::text[], $14::integer[])
             WITH ORDINALITY AS e (type, at, conversation_id, audience, assigned, department, waiting,
                                   before_assigned, before_department, before_waiting, data, public_data, message_seq,
                                   n)
)
SELECT base + 1, pg_notify('chat_centre_event', (base + $1)::text), set_config('synchronous_commit', 'on', true) FROM head;

-- name: read_after
SELECT e.event_id, e.type, e.at, e.conversation_id, e.audience, e.assigned, e.department, e.waiting,
       e.before_assigned, e.before_department, e.before_waiting,
       CASE WHEN e.message_seq IS NULL THEN e.data
            ELSE coalesce(message_event_data(e.conversation_id, e.message_seq), '{}') END,
       e.public_data
FROM event e WHERE e.event_id > $1 ORDER BY e.event_id LIMIT $2;

-- name: read_internal_after
-- Work for a follower: internal events of the types it handles, through a partial index.
SELECT event_id, type, at, conversation_id, audience, assigned, department, waiting,
       before_assigned, before_department, before_waiting, data, public_data
FROM event WHERE event_id > $1 AND audience = 0 AND type = ANY ($2::text[]) ORDER BY event_id LIMIT $3;

-- name: read_public
-- For a follower of what leaves the server: a walk over the ids, which every event has anyway.
SELECT e.event_id, e.type, e.at, e.conversation_id, e.audience, e.assigned, e.department, e.waiting,
       e.before_assigned, e.before_department, e.before_waiting,
       CASE WHEN e.message_seq IS NULL THEN e.data
            ELSE coalesce(message_event_data(e.conversation_id, e.message_seq), '{}') END,
       e.public_data
FROM event e
WHERE e.event_id > $1 AND e.event_id <= $2 AND e.audience <> 0 AND e.type = ANY ($3::text[]) ORDER BY e.event_id;

-- name: head
SELECT event_id FROM event_head;

-- name: oldest
SELECT coalesce(min(event_id), (SELECT event_id + 1 FROM event_head)) FROM event;

-- name: follower_position
-- Locks the follower, so that of several processes only one advances it at a time.
SELECT event_id FROM follower WHERE name = $1 FOR UPDATE;

-- name: follower_create
INSERT INTO follower (name, event_id) VALUES ($1, (SELECT event_id FROM event_head)) ON CONFLICT (name) DO NOTHING;

-- name: follower_advance
UPDATE follower SET event_id = $2, updated_at = now() WHERE name = $1;
