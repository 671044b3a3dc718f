-- Channels that are set up (migration 0030) ------------------------------------------------------------------------

-- name: list_channels
SELECT channel_id, name, kind, name_en, name_ar, active, scenario, secret, secret_header, mapping, send_url, send_host,
       send_headers, array_to_json(send_header_names)::text, send_body, send_format, created_at, updated_at
FROM channel ORDER BY channel_id;

-- name: begin_sending
-- What was said before a channel could send is not sent afterwards.
UPDATE channel SET send_from = (SELECT event_id FROM event_head)
WHERE channel_id = ANY ($1::bigint[]) AND send_from IS NULL;

-- name: end_sending
UPDATE channel SET send_from = NULL WHERE NOT channel_id = ANY ($1::bigint[]) AND send_from IS NOT NULL;

-- name: lock_channel
SELECT channel_id, kind, secret IS NOT NULL FROM channel WHERE name = $1 FOR UPDATE;

-- name: add_channel
-- No row comes back when there is one of this name.
INSERT INTO channel (name, kind, name_en, name_ar, active, scenario, secret, secret_header, mapping, created_at,
                     updated_at)
VALUES ($1, 'json', $2, $3, $4::boolean, $5, $6, $7, $8, $9::timestamptz, $9::timestamptz)
ON CONFLICT ON CONSTRAINT channel_name DO NOTHING
RETURNING channel_id;

-- name: change_channel
-- Null: as it was.
UPDATE channel SET name_en = coalesce($2, name_en), name_ar = coalesce($3, name_ar),
    active = coalesce($4::boolean, active), scenario = coalesce($5, scenario),
    secret_header = coalesce($6, secret_header), mapping = coalesce($7, mapping), updated_at = $8::timestamptz
WHERE channel_id = $1::bigint;

-- name: set_channel_secret
UPDATE channel SET secret = $2, updated_at = $3::timestamptz WHERE channel_id = $1::bigint;

-- name: set_send_address
-- No address: replies stay here.
UPDATE channel SET send_url = $2, send_host = $3, send_headers = $4, send_header_names = $5::text[], send_body = $6,
    send_format = $7, updated_at = $8::timestamptz
WHERE channel_id = $1::bigint;

-- name: remove_channel
DELETE FROM channel WHERE name = $1 AND kind = 'json';

-- Who writes -------------------------------------------------------------------------------------------------------

-- name: join_known_contact
-- Whoever writes from a number that exactly one contact has is that contact.
INSERT INTO contact_identity (channel, external_id, contact_id, verified)
SELECT $1, $2, min(contact_id), $4::boolean FROM contact
WHERE e164 = $3 AND e164 <> '' AND merged_into IS NULL
  AND NOT EXISTS (SELECT 1 FROM contact_identity WHERE channel = $1 AND external_id = $2)
HAVING count(*) = 1
ON CONFLICT DO NOTHING;

-- name: sent_by_us
-- Is a message that the network shows as ours one that this server has sent, or is sending? A long one leaves in parts.
SELECT EXISTS (SELECT 1 FROM channel_delivery WHERE external_id = $1 AND external_id <> '')
    OR EXISTS (SELECT 1 FROM thread t JOIN channel_delivery d USING (conversation_id)
               JOIN message m USING (conversation_id, seq)
               WHERE t.channel = $2 AND t.key = 'u:' || $3 AND d.created_at > $5::timestamptz
                 AND (btrim(m.body) = btrim($4) OR (length(m.body) > 4000 AND strpos(m.body, btrim($4)) > 0)));

-- Replies on their way out -----------------------------------------------------------------------------------------

-- name: channels_that_send
SELECT 1 FROM channel WHERE send_from IS NOT NULL LIMIT 1;

-- name: add_deliveries
-- What our side said, in conversations of our own on channels that send. What the channel itself brought stays here.
INSERT INTO channel_delivery (channel_id, conversation_id, seq, since, created_at)
SELECT h.channel_id, m.conversation_id, m.seq, $4::timestamptz, $4::timestamptz
FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS g (event_id, conversation_id, seq)
JOIN conversation c ON c.conversation_id = g.conversation_id AND c.own_assistant
JOIN channel h ON h.name = c.channel AND h.send_from < g.event_id
JOIN message m ON m.conversation_id = g.conversation_id AND m.seq = g.seq AND m.role <> 'user'
    AND m.message_id NOT LIKE 'IN-%'
ORDER BY g.event_id
ON CONFLICT ON CONSTRAINT channel_delivery_once DO NOTHING
RETURNING conversation_id, channel_id;

-- name: next_delivery
-- The oldest reply of a conversation that still waits, locked.
SELECT d.delivery_id, d.channel_id, d.seq, d.since, d.claimed_until, m.message_id, m.role, m.sender, m.body,
       c.user_id, c.user_phone, c.user_name, coalesce(c.session_id, '')
FROM channel_delivery d
JOIN message m USING (conversation_id, seq)
JOIN conversation c USING (conversation_id)
WHERE d.conversation_id = $1::bigint AND d.state = 'waiting'
ORDER BY d.seq LIMIT 1 FOR UPDATE OF d;

-- name: claim_delivery
UPDATE channel_delivery SET claimed_until = $2::timestamptz WHERE delivery_id = $1::bigint;

-- name: end_attempt
UPDATE channel_delivery SET attempts = attempts + 1, state = $2, last_status = $3::integer, last_error = $4,
    external_id = CASE WHEN $5 = '' THEN external_id ELSE $5 END, claimed_until = NULL,
    done_at = CASE WHEN $2 = 'waiting' THEN NULL ELSE $6::timestamptz END
WHERE delivery_id = $1::bigint AND state = 'waiting';

-- name: more_deliveries
SELECT EXISTS (SELECT 1 FROM channel_delivery WHERE conversation_id = $1::bigint AND state = 'waiting');

-- name: who_sees
SELECT coalesce(assigned_staff_id, 0), coalesce(department_id, 0), status = 'pending' FROM conversation
WHERE conversation_id = $1::bigint;

-- name: list_deliveries
SELECT d.delivery_id, h.name, d.conversation_id, d.seq, d.state, d.attempts, d.last_status, d.last_error, d.created_at,
       d.done_at, j.due_at, m.message_id, m.body, c.user_name, c.user_id
FROM channel_delivery d
JOIN channel h USING (channel_id)
JOIN message m USING (conversation_id, seq)
JOIN conversation c USING (conversation_id)
LEFT JOIN job j ON j.kind = 'channel.send' AND j.key = d.conversation_id::text AND j.dead_at IS NULL
    AND d.state = 'waiting'
WHERE d.delivery_id < $1::bigint AND ($2::text IS NULL OR d.state = $2) AND ($3::text IS NULL OR h.name = $3)
  AND ($4::bigint = 0 OR d.delivery_id = $4::bigint)
ORDER BY d.delivery_id DESC LIMIT $5::bigint;

-- name: conversation_deliveries
SELECT seq, state, attempts, last_status, last_error, done_at FROM channel_delivery
WHERE conversation_id = $1::bigint ORDER BY seq DESC LIMIT 500;

-- name: send_again
UPDATE channel_delivery SET state = 'waiting', since = $2::timestamptz, done_at = NULL
WHERE delivery_id = $1::bigint AND state = 'dead'
RETURNING conversation_id, channel_id;

-- name: sweep_deliveries
DELETE FROM channel_delivery WHERE done_at < $1::timestamptz AND state IN ('sent', 'dropped');

-- The bot switch ---------------------------------------------------------------------------------------------------

-- name: conversations_of_number
-- Newest first, the ones that go on before those that have ended, those on WhatsApp before others. $1: the number in the
-- forms it may be stored in; $2: as E.164, "" when it is none.
WITH people AS (
    SELECT contact_id FROM contact WHERE e164 = $2 AND $2 <> ''
    UNION SELECT contact_id FROM contact_identity WHERE channel = 'whatsapp' AND external_id = ANY ($1::text[])
), found AS (
    SELECT v.conversation_id FROM conversation v JOIN people USING (contact_id)
    UNION SELECT conversation_id FROM conversation WHERE user_phone = ANY ($1) AND user_phone <> ''
)
SELECT v.conversation_id FROM found JOIN conversation v USING (conversation_id)
ORDER BY v.status IN ('bot', 'pending', 'active') DESC, v.channel = 'whatsapp' DESC, v.conversation_id DESC LIMIT 50;

-- name: bot_state
SELECT conversation_id, status, handler, handover_requested, user_phone, user_id, channel FROM conversation
WHERE conversation_id = $1::bigint;
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
