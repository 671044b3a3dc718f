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
                 AND NOT (d.state = 'dead' AND d.attempts = 0)
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

-- name: add_unsent
-- A reply on a channel without a gateway, kept as given up so that it can be sent again once there is one.
INSERT INTO channel_delivery (channel_id, conversation_id, seq, state, last_error, since, created_at, done_at)
VALUES ($1::bigint, $2::bigint, $3::integer, 'dead', $4, $5::timestamptz, $5::timestamptz, $5::timestamptz)
ON CONFLICT ON CONSTRAINT channel_delivery_once DO NOTHING;

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
-- By a channel's address, or by ElevenLabs' monitor socket.
SELECT seq, state, attempts, last_status, last_error, done_at FROM channel_delivery WHERE conversation_id = $1::bigint
UNION ALL
SELECT m.seq, CASE WHEN m.seq <= w.told_seq THEN 'sent' WHEN w.refused OR w.done_at IS NOT NULL THEN 'dead'
                   ELSE 'waiting' END,
       CASE WHEN m.seq <= w.told_seq THEN 1 ELSE w.attempts END, 0,
       CASE WHEN m.seq <= w.told_seq THEN '' ELSE w.last_error END, w.done_at
FROM elevenlabs_monitor w JOIN message m USING (conversation_id)
WHERE w.conversation_id = $1::bigint AND m.seq > w.from_seq AND m.role = 'staff' AND m.staff_id IS NOT NULL
ORDER BY seq DESC LIMIT 500;

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

-- ElevenLabs: its monitor socket -------------------------------------------------------------------------------------

-- name: want_monitors
-- For conversations that staff have taken ($1, at $2), or for all that they have ($4): those of which a session is held
-- there, as in sessions_there.
INSERT INTO elevenlabs_monitor (conversation_id, from_seq, told_seq, created_at)
SELECT c.conversation_id, b.seq, b.seq, $3::timestamptz
FROM conversation c
LEFT JOIN unnest($1::bigint[], $2::timestamptz[]) AS g (conversation_id, at) USING (conversation_id)
CROSS JOIN LATERAL (SELECT coalesce(max(m.seq), 0) AS seq FROM message m
                    WHERE m.conversation_id = c.conversation_id AND m.received_at < coalesce(g.at, $3::timestamptz)) b
WHERE c.status = 'active' AND c.handler = 'staff' AND c.channel = 'elevenlabs'
  AND ($4::boolean OR c.conversation_id = ANY ($1::bigint[]))
  AND EXISTS (SELECT 1 FROM thread h
              WHERE h.conversation_id = c.conversation_id AND h.channel = 'elevenlabs' AND h.key LIKE 's:conv\_%'
                AND NOT EXISTS (SELECT 1 FROM message n
                                WHERE n.conversation_id = c.conversation_id AND n.role = 'user'
                                  AND strpos(n.metadata, '"session_id":"' || substr(h.key, 3) || '"') > 0))
ON CONFLICT (conversation_id) DO UPDATE
SET done_at = NULL, from_seq = greatest(elevenlabs_monitor.told_seq, excluded.from_seq), attempts = 0, refused = false,
    last_error = '', told_seq = greatest(elevenlabs_monitor.told_seq, excluded.from_seq)
WHERE elevenlabs_monitor.done_at IS NOT NULL;

-- name: claim_monitors
-- Those of this process ($1) for some time more, and those that no process has.
UPDATE elevenlabs_monitor SET claimed_by = $1, claimed_until = $3::timestamptz
WHERE conversation_id IN (
    SELECT conversation_id FROM elevenlabs_monitor
    WHERE done_at IS NULL AND (claimed_by = $1 OR claimed_until IS NULL OR claimed_until < $2::timestamptz)
    ORDER BY claimed_by IS NOT DISTINCT FROM $1 DESC, created_at LIMIT $4::bigint FOR UPDATE SKIP LOCKED)
RETURNING conversation_id;

-- name: release_monitors
UPDATE elevenlabs_monitor SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1;

-- name: look_at_monitor
SELECT c.handler = 'staff' AND c.status = 'active', w.told_seq, w.taken_session
FROM elevenlabs_monitor w JOIN conversation c USING (conversation_id)
WHERE w.conversation_id = $1::bigint AND w.claimed_by = $2 AND w.done_at IS NULL;

-- name: sessions_there
-- Their names of a conversation, the newest first; not those whose widget is on our own socket, which tells its customer
-- everything itself.
SELECT s.session FROM (
    SELECT substr(t.key, 3) AS session FROM thread t
    WHERE t.conversation_id = $1::bigint AND t.channel = 'elevenlabs' AND t.key LIKE 's:conv\_%') s
WHERE NOT EXISTS (SELECT 1 FROM message m
                  WHERE m.conversation_id = $1::bigint AND m.role = 'user'
                    AND strpos(m.metadata, '"session_id":"' || s.session || '"') > 0)
ORDER BY greatest((SELECT max(v.seen_at) FROM elevenlabs_visit v WHERE v.session = s.session),
                  (SELECT max(e.at) FROM elevenlabs_turn e WHERE e.key = s.session),
                  (SELECT max(o.heard_at) FROM elevenlabs_overheard o WHERE o.session = s.session)) DESC NULLS LAST,
         s.session DESC
LIMIT 5;

-- name: staff_said_after
SELECT seq, message_id, body FROM message
WHERE conversation_id = $1::bigint AND seq > $2::integer AND role = 'staff' AND staff_id IS NOT NULL
ORDER BY seq LIMIT 50;

-- name: monitor_took
UPDATE elevenlabs_monitor SET taken_session = $2 WHERE conversation_id = $1::bigint;

-- name: monitor_told
-- A custom LLM does not tell it once more.
WITH m AS (
    UPDATE elevenlabs_monitor SET told_seq = greatest(told_seq, $2::integer), attempts = 0, refused = false,
        last_error = ''
    WHERE conversation_id = $1::bigint RETURNING conversation_id, taken_session, told_seq)
UPDATE elevenlabs_turn e SET told_seq = greatest(e.told_seq, m.told_seq)
FROM m WHERE e.key = m.taken_session AND e.conversation_id = m.conversation_id;

-- name: monitor_failed
UPDATE elevenlabs_monitor SET attempts = attempts + 1, refused = $2::boolean, last_error = $3
WHERE conversation_id = $1::bigint;

-- name: monitor_works
UPDATE elevenlabs_monitor SET attempts = 0, refused = false, last_error = ''
WHERE conversation_id = $1::bigint AND (attempts > 0 OR refused);

-- name: monitor_done
UPDATE elevenlabs_monitor SET done_at = $2::timestamptz, taken_session = '', claimed_by = NULL, claimed_until = NULL,
    last_error = CASE WHEN $3 = '' THEN last_error ELSE $3 END
WHERE conversation_id = $1::bigint AND done_at IS NULL;

-- name: count_overheard
-- How often these words were heard before this event; null when it was heard itself.
SELECT CASE WHEN bool_or(event_no = $4::bigint) THEN NULL ELSE count(*) END
FROM elevenlabs_overheard WHERE session = $1 AND side = $2 AND words_hash = $3;

-- name: add_overheard
INSERT INTO elevenlabs_overheard (session, side, event_no, words_hash, heard_at)
VALUES ($1, $2, $3::bigint, $4, $5::timestamptz) ON CONFLICT DO NOTHING;

-- name: forget_overheard
DELETE FROM elevenlabs_overheard WHERE heard_at < $1::timestamptz;

-- name: bodies_since
SELECT seq, role, body FROM message
WHERE conversation_id = $1::bigint AND received_at > $2::timestamptz AND role = ANY ($3::text[])
ORDER BY seq DESC LIMIT 2000;
