-- Columns in the order of intake::call ------------------------------------------------------------------------

-- name: find
SELECT conversation_id, call_id, state, array_to_json(pending)::text, last_said, heard_seq, on_hold, started_at,
       updated_at, ended_at, stages
FROM intake WHERE conversation_id = $1::bigint;

-- name: lock
SELECT conversation_id, call_id, state, array_to_json(pending)::text, last_said, heard_seq, on_hold, started_at,
       updated_at, ended_at, stages
FROM intake WHERE conversation_id = $1::bigint FOR UPDATE;

-- name: lock_unless_busy
SELECT conversation_id, call_id, state, array_to_json(pending)::text, last_said, heard_seq, on_hold, started_at,
       updated_at, ended_at, stages
FROM intake WHERE conversation_id = $1::bigint FOR UPDATE SKIP LOCKED;

-- name: find_by_call
SELECT conversation_id FROM intake WHERE call_id = $1;

-- name: add
INSERT INTO intake (conversation_id, call_id, stage, language, state, last_said, started_at, updated_at, stages)
SELECT c.conversation_id, compat.call_id(c.conversation_id, c.created_at), $2, $3, $4::jsonb, $5::jsonb, $6::timestamptz,
       $6, $7::jsonb
FROM conversation c WHERE c.conversation_id = $1::bigint
ON CONFLICT DO NOTHING;

-- name: keep
UPDATE intake SET stage = $2, language = $3, state = $4::jsonb, pending = $5::text[], last_said = $6::jsonb,
                  heard_seq = $7::integer, on_hold = $8::boolean, updated_at = $9::timestamptz,
                  ended_at = $10::timestamptz, stages = $11::jsonb
WHERE conversation_id = $1::bigint;

-- name: leads
-- Does it still have something to ask of this conversation?
SELECT EXISTS (SELECT 1 FROM intake WHERE conversation_id = $1::bigint AND ended_at IS NULL
                                      AND state->>'handling' <> 'agent');

-- name: list_open
SELECT i.conversation_id, i.call_id, i.state, array_to_json(i.pending)::text, i.last_said, i.heard_seq, i.on_hold,
       i.started_at, i.updated_at, i.ended_at, i.stages
FROM intake i JOIN conversation c USING (conversation_id)
WHERE i.ended_at IS NULL AND c.status IN ('bot', 'pending', 'active')
  AND conversation_visible($1::boolean, $2::bigint, $3::bigint[], c.assigned_staff_id, c.status, c.department_id)
  AND ($4::bigint = 0 OR i.conversation_id < $4)
ORDER BY i.conversation_id DESC
LIMIT $5::bigint;

-- name: transcript
SELECT seq, role, sender, body, at FROM message
WHERE conversation_id = $1::bigint AND seq > $2::integer ORDER BY seq LIMIT $3::bigint;

-- name: newest_words
-- What is newest in a conversation, and who has the turn.
SELECT last_role, handler, status, last_seq FROM conversation WHERE conversation_id = $1::bigint;

-- name: prompts
SELECT department, key, language, body, updated_at FROM intake_prompt;

-- name: put_prompt
INSERT INTO intake_prompt (department, key, language, body, updated_by, updated_at)
VALUES ($1, $2, $3, $4, $5::bigint, $6::timestamptz)
ON CONFLICT (department, key, language) DO UPDATE
SET body = excluded.body, updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: drop_prompt
DELETE FROM intake_prompt WHERE department = $1 AND key = $2 AND language = $3;

-- name: mute
INSERT INTO conversation_mute (staff_id, conversation_id, at) VALUES ($1::bigint, $2::bigint, $3::timestamptz)
ON CONFLICT DO NOTHING;

-- name: unmute
DELETE FROM conversation_mute WHERE staff_id = $1::bigint AND conversation_id = $2::bigint;

-- name: muted
SELECT conversation_id FROM conversation_mute WHERE staff_id = $1::bigint AND conversation_id = ANY ($2::bigint[]);
