-- Settings of integrations -------------------------------------------------------------------------------------------

-- name: find_integration_setting
SELECT sealed FROM integration_setting WHERE name = $1;

-- name: keep_integration_setting
INSERT INTO integration_setting (name, sealed, updated_by, updated_at) VALUES ($1, $2, $3::bigint, $4::timestamptz)
ON CONFLICT (name) DO UPDATE
SET sealed = excluded.sealed, updated_by = excluded.updated_by, updated_at = excluded.updated_at;

-- name: note_integration_use
INSERT INTO integration_use (integration, part, at, count, detail) VALUES ($1, $2, $3::timestamptz, $4::bigint, $5)
ON CONFLICT (integration, part) DO UPDATE
SET at = greatest(integration_use.at, excluded.at), count = integration_use.count + excluded.count,
    detail = excluded.detail;

-- name: list_integration_uses
SELECT part, at, count, detail FROM integration_use WHERE integration = $1 ORDER BY part;

-- ElevenLabs: events of the post-call webhook ------------------------------------------------------------------------

-- name: add_elevenlabs_event
INSERT INTO elevenlabs_event (type, session, event_timestamp, body_hash, body, received_at)
VALUES ($1, $2, $3, $4, $5, $6::timestamptz)
ON CONFLICT ON CONSTRAINT elevenlabs_event_once DO NOTHING
RETURNING event_id;

-- name: find_elevenlabs_event
SELECT type, body, processed_at IS NOT NULL FROM elevenlabs_event WHERE event_id = $1::bigint FOR UPDATE;

-- name: finish_elevenlabs_event
UPDATE elevenlabs_event SET processed_at = $2::timestamptz, conversation_id = $3::bigint, result = $4::jsonb
WHERE event_id = $1::bigint;

-- name: sessions_without_transcript
SELECT s.session FROM unnest($1::text[]) AS s (session)
WHERE NOT EXISTS (SELECT 1 FROM elevenlabs_event e
                  WHERE e.session = s.session AND e.type = 'post_call_transcription');

-- name: list_elevenlabs_events
SELECT event_id, type, session, received_at, processed_at, conversation_id, result::text
FROM elevenlabs_event ORDER BY event_id DESC LIMIT 10;

-- ElevenLabs: what a session is called -------------------------------------------------------------------------------

-- name: note_visit
INSERT INTO elevenlabs_visit (cc_session, session, seen_at) VALUES ($1, $2, $3::timestamptz)
ON CONFLICT (cc_session) DO UPDATE SET session = excluded.session, seen_at = excluded.seen_at
WHERE elevenlabs_visit.session <> excluded.session;

-- name: find_visit
SELECT session FROM elevenlabs_visit WHERE cc_session = $1;

-- ElevenLabs: turns of the custom LLM --------------------------------------------------------------------------------

-- name: list_turns
-- The newest row of each turn: a revised one replaces what it was.
SELECT DISTINCT ON (n) n, text_hash, conversation_id, seq, reply, told_seq, replied_at
FROM elevenlabs_turn WHERE key = $1 ORDER BY n, at DESC;

-- name: latest_key
-- Of the keys from $1 to $2, the one last used, if it was after $3.
SELECT key FROM elevenlabs_turn WHERE key > $1 AND key < $2 AND at > $3::timestamptz ORDER BY at DESC LIMIT 1;

-- name: add_turn
INSERT INTO elevenlabs_turn (key, n, text_hash, conversation_id, seq, told_seq, at)
VALUES ($1, $2::integer, $3, $4::bigint, $5::integer, $6::integer, $7::timestamptz)
ON CONFLICT (key, n, text_hash) DO NOTHING;

-- name: answer_turn
-- What the assistant answered first stays, unless staff have spoken since ($7).
UPDATE elevenlabs_turn
SET reply = CASE WHEN $7::boolean THEN $4 ELSE coalesce(reply, $4) END, told_seq = greatest(told_seq, $5::integer),
    replied_at = $6::timestamptz
WHERE key = $1 AND n = $2::integer AND text_hash = $3
RETURNING reply;

-- name: forget_turns
DELETE FROM elevenlabs_turn WHERE at < $1::timestamptz;

-- ElevenLabs: what its tools may tell -------------------------------------------------------------------------------

-- name: open_tickets_of
SELECT ticket_id FROM ticket_view
WHERE contact_id = $1::bigint AND status NOT IN ('resolved', 'closed') ORDER BY ticket_no DESC LIMIT 5;

-- name: ticket_for_tool
SELECT ticket_id, status, subject, updated_at, contact_id, requester_email, requester_phone
FROM ticket_view WHERE ticket_id = upper($1);

-- name: conversation_for_tool
SELECT c.conversation_id, c.status, c.updated_at, c.contact_id, c.user_email, c.user_phone
FROM conversation c WHERE c.conversation_id = $1::bigint;

-- name: caller_by_phone
SELECT c.contact_id, c.name, c.last_contact_at,
       (SELECT i.external_id FROM contact_identity i WHERE i.contact_id = c.contact_id AND i.channel = 'elevenlabs'
        ORDER BY i.external_id LIMIT 1),
       (SELECT t.ticket_id FROM ticket_view t
        WHERE t.contact_id = c.contact_id AND t.status NOT IN ('resolved', 'closed') ORDER BY t.ticket_no DESC LIMIT 1)
FROM contact c WHERE c.e164 = $1 AND c.merged_into IS NULL ORDER BY c.contact_id LIMIT 1;
