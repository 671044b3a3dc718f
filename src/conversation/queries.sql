-- The append lane ------------------------------------------------------------------------------------------------

-- name: find_known
-- For each waiting message: was its key stored before, and which conversation does its thread point to?
SELECT i.n, m.conversation_id, m.seq, m.message_id, m.role, m.sender, m.staff_id, m.client_message_id, m.body, m.at,
       m.received_at, m.body_hash, t.conversation_id
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS i (channel, message_id, thread_key, n)
LEFT JOIN message m ON m.channel = i.channel AND m.message_id = i.message_id
LEFT JOIN thread t ON t.channel = i.channel AND t.key = i.thread_key
WHERE m.seq IS NOT NULL OR t.conversation_id IS NOT NULL;

-- name: find_idempotency_keys
SELECT m.idempotency_key, m.conversation_id, m.seq, m.message_id, m.role, m.sender, m.staff_id, m.client_message_id,
       m.body, m.at, m.received_at, m.body_hash
FROM message m WHERE m.idempotency_key = ANY ($1::text[]);

-- name: find_threads
SELECT t.channel, t.key, t.conversation_id
FROM unnest($1::text[], $2::text[]) AS k (channel, key)
JOIN thread t ON t.channel = k.channel AND t.key = k.key;

-- name: lock_conversations
-- Column order is conversation::from_db's. In order of id, so that two writers cannot wait for each other. Names come
-- by subqueries, not joins: after waiting for a lock PostgreSQL re-reads the locked row, but keeps joined rows as they
-- were before the wait.
SELECT c.conversation_id, c.contact_id, c.channel, c.session_id,
       c.user_id, c.user_name, c.user_email, c.user_phone, c.language, c.scenario,
       c.status, c.handler, c.priority,
       c.department_id,
       (SELECT d.slug FROM department d WHERE d.department_id = c.department_id),
       (SELECT d.name_en FROM department d WHERE d.department_id = c.department_id),
       (SELECT d.name_ar FROM department d WHERE d.department_id = c.department_id),
       c.category, c.assigned_staff_id, (SELECT s.name FROM staff s WHERE s.staff_id = c.assigned_staff_id),
       array_to_json(c.tags), c.on_hold,
       c.last_seq, c.last_role, c.last_sender, c.last_text, c.last_at,
       c.handover_timestamp, c.handover_reason, c.handover_by,
       c.waiting_since, c.taken_at, c.first_response_at, c.resolved_at,
       c.outcome, c.resolution, c.rating, c.rating_comment,
       c.reopened_count, c.previous_conversation_id, c.version, c.created_at, c.updated_at, c.own_assistant
FROM conversation c
WHERE c.conversation_id = ANY ($1::bigint[])
ORDER BY c.conversation_id
FOR NO KEY UPDATE OF c;

-- name: find_contacts
SELECT i.channel, i.external_id, i.contact_id
FROM unnest($1::text[], $2::text[]) AS k (channel, external_id)
JOIN contact_identity i ON i.channel = k.channel AND i.external_id = k.external_id;

-- name: take_ids
SELECT nextval(pg_get_serial_sequence('conversation', 'conversation_id')), nextval(pg_get_serial_sequence('contact', 'contact_id'))
FROM generate_series(1, $1::integer);

-- name: insert_contacts
WITH given AS (
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
        AS g (contact_id, channel, external_id, name, email, phone, language)
), stored AS (
    INSERT INTO contact (contact_id, name, email, phone, language, created_at, updated_at)
    SELECT contact_id, name, email, phone, language, $8::timestamptz, $8::timestamptz FROM given
)
INSERT INTO contact_identity (channel, external_id, contact_id) SELECT channel, external_id, contact_id FROM given;

-- name: insert_conversations
-- As they are at the end of the batch that began them.
INSERT INTO conversation (conversation_id, contact_id, channel, session_id, user_id, user_name, user_email, user_phone,
                          language, scenario, previous_conversation_id, status, handler, priority, category, last_seq,
                          last_role, last_sender, last_text, handover_requested, handover_timestamp, handover_reason,
                          handover_by, waiting_since, first_response_at, version, own_assistant, last_at, created_at,
                          updated_at)
SELECT g.conversation_id, g.contact_id, g.channel, g.session_id, g.user_id, g.user_name, g.user_email, g.user_phone,
       g.language, g.scenario, g.previous, g.status, g.handler, g.priority, g.category, g.last_seq, g.last_role,
       g.last_sender, g.last_text, g.handover_at IS NOT NULL, g.handover_at, g.handover_reason, g.handover_by,
       g.handover_at, g.first_response_at, g.version, g.own_assistant, $23::timestamptz, $23, $23
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::bigint[], $12::text[], $13::text[], $14::text[], $15::text[], $16::integer[],
            $17::text[], $18::text[], $19::text[], $20::timestamptz[], $21::text[], $22::text[], $24::integer[],
            $25::timestamptz[], $26::boolean[])
    AS g (conversation_id, contact_id, channel, session_id, user_id, user_name, user_email, user_phone, language,
          scenario, previous, status, handler, priority, category, last_seq, last_role, last_sender, last_text,
          handover_at, handover_reason, handover_by, version, first_response_at, own_assistant);

-- name: insert_threads
INSERT INTO thread (channel, key, conversation_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]);

-- name: move_threads
UPDATE thread t SET conversation_id = g.conversation_id
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS g (channel, key, conversation_id, replaces)
WHERE t.channel = g.channel AND t.key = g.key AND t.conversation_id = g.replaces;

-- name: count_versions_up
UPDATE conversation SET version = version + 1 WHERE conversation_id = ANY ($1::bigint[]);

-- name: insert_messages
INSERT INTO message (conversation_id, seq, channel, message_id, idempotency_key, body_hash, role, sender, staff_id,
                     client_message_id, body, at, metadata, received_at)
SELECT g.*, $14::timestamptz
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[],
            $9::bigint[], $10::text[], $11::text[], $12::timestamptz[], $13::text[]) AS g;

-- name: touch_conversations
-- The common case: a conversation that only got another message.
UPDATE conversation c
SET last_seq = g.last_seq, last_role = g.last_role, last_sender = g.last_sender, last_text = g.last_text,
    version = g.version, first_response_at = coalesce(c.first_response_at, g.first_response_at),
    last_at = $8::timestamptz, updated_at = $8::timestamptz
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::timestamptz[])
    AS g (conversation_id, last_seq, last_role, last_sender, last_text, version, first_response_at)
WHERE c.conversation_id = g.conversation_id;

-- name: peek
-- The usual batch: messages of which none was stored before, for open conversations that exist. One row for each of
-- those, without a lock: add_at_once notices what has changed since. Columns as in lock_conversations, but without the
-- names of department and staff, then the message's place in the batch and what its thread points to.
SELECT c.conversation_id, c.contact_id, c.channel, c.session_id,
       c.user_id, c.user_name, c.user_email, c.user_phone, c.language, c.scenario,
       c.status, c.handler, c.priority,
       c.department_id, NULL, NULL, NULL,
       c.category, c.assigned_staff_id, NULL,
       array_to_json(c.tags), c.on_hold,
       c.last_seq, c.last_role, c.last_sender, c.last_text, c.last_at,
       c.handover_timestamp, c.handover_reason, c.handover_by,
       c.waiting_since, c.taken_at, c.first_response_at, c.resolved_at,
       c.outcome, c.resolution, c.rating, c.rating_comment,
       c.reopened_count, c.previous_conversation_id, c.version, c.created_at, c.updated_at, c.own_assistant,
       i.n, t.conversation_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY
         AS i (channel, message_id, thread_key, conversation_id, n)
LEFT JOIN thread t ON t.channel = i.channel AND t.key = i.thread_key
JOIN conversation c ON c.conversation_id = coalesce(i.conversation_id, t.conversation_id)
LEFT JOIN message m ON m.channel = i.channel AND m.message_id = i.message_id
WHERE m.seq IS NULL AND c.status <> 'closed';

-- name: add_at_once
-- Messages, their conversations and their events in one statement, which is its own transaction: one round trip, and
-- the counter's lock (see event.append) is held for its COMMIT only. When a conversation is no longer of the version it
-- was last seen with, the division fails and nothing is stored. That covers threads, too: who moves one away from a
-- conversation counts its version up.
WITH touched AS (
    UPDATE conversation c
    SET last_seq = g.last_seq, last_role = g.last_role, last_sender = g.last_sender, last_text = g.last_text,
        version = g.version, first_response_at = coalesce(c.first_response_at, g.first_response_at),
        last_at = $1::timestamptz, updated_at = $1::timestamptz
    FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[],
                $9::timestamptz[])
        AS g (conversation_id, last_seq, last_role, last_sender, last_text, version, peeked, first_response_at)
    WHERE c.conversation_id = g.conversation_id AND c.version = g.peeked
    RETURNING 1
), stored AS (
    INSERT INTO message (conversation_id, seq, channel, message_id, body_hash, role, sender, staff_id,
                         client_message_id, body, at, metadata, received_at)
    SELECT g.*, $1::timestamptz
    FROM unnest($10::bigint[], $11::integer[], $12::text[], $13::text[], $14::bigint[], $15::text[], $16::text[],
                $17::bigint[], $18::text[], $19::text[], $20::timestamptz[], $21::text[]) AS g
    RETURNING 1
), head AS (
    UPDATE event_head SET event_id = event_id + $22
    WHERE 1 / (cardinality($2::bigint[]) = (SELECT count(*) FROM touched)
               AND cardinality($10::bigint[]) = (SELECT count(*) FROM stored))::integer = 1
    RETURNING event_id - $22 AS base
), logged AS (
    -- 3: what the customer may see, too (event::audience::conversation_public).
    INSERT INTO event (event_id, type, at, conversation_id, audience, assigned, department, waiting, message_seq)
    SELECT head.base + e.n, 'message.new', $1::timestamptz, e.conversation_id, 3, e.assigned, e.department, e.waiting,
           e.message_seq
    FROM head, unnest($10::bigint[], $23::bigint[], $24::bigint[], $25::boolean[], $11::integer[])
             WITH ORDINALITY AS e (conversation_id, assigned, department, waiting, message_seq, n)
)
SELECT base + 1, CASE WHEN $26::boolean THEN pg_notify('chat_centre_event', (base + $22)::text) END FROM head;

-- name: insert_turns
INSERT INTO turn (conversation_id, after_seq, kind, at, staff_id, to_staff_id, to_department_id, reason)
SELECT g.conversation_id, g.after_seq, g.kind, $8::timestamptz, g.staff_id, g.to_staff_id, g.to_department_id, g.reason
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])
    AS g (conversation_id, after_seq, kind, staff_id, to_staff_id, to_department_id, reason);

-- name: insert_intents
INSERT INTO intent_analysis_log (created_at, conversation_id, message_text, handover_needed, confidence_score, reason,
                                 final_decision, model_used)
SELECT $8::timestamptz, g.*
FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::real[], $5::text[], $6::boolean[], $7::text[]) AS g;

-- One conversation -----------------------------------------------------------------------------------------------

-- name: update_conversations
-- Everything that may change in the life of conversations; the caller holds their locks.
UPDATE conversation c SET
    user_name = g.user_name, user_email = g.user_email, user_phone = g.user_phone, language = g.language,
    status = g.status, handler = g.handler, priority = g.priority, department_id = g.department_id,
    category = g.category, assigned_staff_id = g.assigned_staff_id,
    tags = ARRAY(SELECT json_array_elements_text(g.tags)), on_hold = g.on_hold, last_seq = g.last_seq,
    last_role = g.last_role, last_sender = g.last_sender, last_text = g.last_text, last_at = g.last_at,
    handover_requested = g.handover_at IS NOT NULL, handover_timestamp = g.handover_at,
    handover_reason = g.handover_reason, handover_by = g.handover_by, waiting_since = g.waiting_since,
    taken_at = g.taken_at, first_response_at = g.first_response_at, resolved_at = g.resolved_at, outcome = g.outcome,
    resolution = g.resolution, rating = g.rating, rating_comment = g.rating_comment,
    reopened_count = g.reopened_count, version = g.version, updated_at = g.updated_at,
    own_assistant = g.own_assistant
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::bigint[], $10::text[], $11::bigint[], $12::json[], $13::boolean[], $14::integer[], $15::text[],
            $16::text[], $17::text[], $18::timestamptz[], $19::timestamptz[], $20::text[], $21::text[],
            $22::timestamptz[], $23::timestamptz[], $24::timestamptz[], $25::timestamptz[], $26::text[], $27::text[],
            $28::integer[], $29::text[], $30::integer[], $31::integer[], $32::timestamptz[], $33::boolean[])
    AS g (conversation_id, user_name, user_email, user_phone, language, status, handler, priority, department_id,
          category, assigned_staff_id, tags, on_hold, last_seq, last_role, last_sender, last_text, last_at, handover_at,
          handover_reason, handover_by, waiting_since, taken_at, first_response_at, resolved_at, outcome, resolution,
          rating, rating_comment, reopened_count, version, updated_at, own_assistant)
WHERE c.conversation_id = g.conversation_id;

-- name: view_conversation
SELECT * FROM conversation_view WHERE conversation_id = $1;

-- name: list_turns
SELECT t.after_seq, t.kind, t.at, t.staff_id, s.name, t.to_staff_id, o.name, d.slug, d.name_en, d.name_ar, t.reason
FROM turn t
LEFT JOIN staff s ON s.staff_id = t.staff_id
LEFT JOIN staff o ON o.staff_id = t.to_staff_id
LEFT JOIN department d ON d.department_id = t.to_department_id
WHERE t.conversation_id = $1 ORDER BY t.turn_id;

-- name: list_messages_after
SELECT m.conversation_id, m.seq, m.message_id, m.role, m.sender, m.staff_id, m.client_message_id, m.body, m.at,
       m.received_at, (SELECT f.feedback FROM message_feedback f
                       WHERE f.conversation_id = m.conversation_id AND f.seq = m.seq ORDER BY f.at DESC LIMIT 1)
FROM message m WHERE m.conversation_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3;

-- name: list_messages_before
SELECT m.conversation_id, m.seq, m.message_id, m.role, m.sender, m.staff_id, m.client_message_id, m.body, m.at,
       m.received_at, (SELECT f.feedback FROM message_feedback f
                       WHERE f.conversation_id = m.conversation_id AND f.seq = m.seq ORDER BY f.at DESC LIMIT 1)
FROM message m WHERE m.conversation_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3;

-- name: list_notes
SELECT n.note_id, n.body, n.at, n.staff_id, s.name, n.kind FROM note n JOIN staff s USING (staff_id)
WHERE n.conversation_id = $1 ORDER BY n.note_id;

-- name: insert_note_of_kind
INSERT INTO note (conversation_id, staff_id, body, at, kind) VALUES ($1, $2, $3, $4, $5) RETURNING note_id;

-- name: delete_note
DELETE FROM note WHERE note_id = $1::bigint AND conversation_id = $2::bigint;

-- name: count_unread
SELECT count(*) FROM message m
WHERE m.conversation_id = $1 AND m.role = 'user'
  AND m.seq > coalesce((SELECT r.seq FROM read_mark r WHERE r.staff_id = $2 AND r.conversation_id = $1), 0);

-- name: set_read_mark
INSERT INTO read_mark (staff_id, conversation_id, seq) VALUES ($1, $2, $3)
ON CONFLICT (staff_id, conversation_id) DO UPDATE SET seq = greatest(read_mark.seq, excluded.seq);

-- name: get_draft
SELECT body, version FROM draft WHERE staff_id = $1 AND conversation_id = $2 AND kind = $3;

-- name: put_draft
-- No row comes back when the stored draft is newer than the one the caller edited.
INSERT INTO draft (staff_id, conversation_id, kind, body, version, updated_at) VALUES ($1, $2, $3, $4, 1, $6)
ON CONFLICT (staff_id, conversation_id, kind) DO UPDATE
    SET body = excluded.body, version = draft.version + 1, updated_at = excluded.updated_at
    WHERE draft.version = $5
RETURNING version;

-- name: drop_draft
DELETE FROM draft WHERE staff_id = $1 AND conversation_id = $2 AND kind = $3;

-- name: find_message
-- Message ids are unique per channel; a conversation (0: any) narrows them down.
SELECT conversation_id, seq FROM message
WHERE message_id = $1 AND ($2::bigint = 0 OR conversation_id = $2) ORDER BY received_at DESC LIMIT 1;

-- name: find_reply
-- To message $2: the assistant's answer, which carries the mark $3, or what staff wrote after it.
SELECT conversation_id, seq, message_id, role, sender, staff_id, client_message_id, body, at, received_at
FROM message
WHERE conversation_id = $1 AND seq > $2
  AND (role = 'staff' OR (role <> 'user' AND client_message_id = $3))
ORDER BY seq LIMIT 1;

-- name: put_feedback
INSERT INTO message_feedback (conversation_id, seq, given_by, feedback, comment, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (conversation_id, seq, given_by) DO UPDATE
    SET feedback = excluded.feedback, comment = excluded.comment, at = excluded.at;

-- name: queue_position
-- How many of the same department are served before it, plus itself.
SELECT count(*) FROM conversation o JOIN contact ok ON ok.contact_id = o.contact_id,
    conversation c JOIN contact ck ON ck.contact_id = c.contact_id
WHERE c.conversation_id = $1 AND c.status = 'pending' AND o.status = 'pending'
  AND o.department_id IS NOT DISTINCT FROM c.department_id
  AND (queue_band(o.priority, ok.vip), o.waiting_since, o.conversation_id)
      <= (queue_band(c.priority, ck.vip), c.waiting_since, c.conversation_id);

-- name: places
-- Everybody who waits, with their place as queue_position counts it.
SELECT c.conversation_id, coalesce(c.department_id, 0),
       row_number() OVER (PARTITION BY c.department_id
                          ORDER BY queue_band(c.priority, k.vip), c.waiting_since, c.conversation_id)
FROM conversation c JOIN contact k USING (contact_id) WHERE c.status = 'pending';

-- Lists: $1 sees everything, $2 staff id (-1: sees nothing), $3 departments --------------------------------------

-- name: custom_plans
-- A list's filters differ much in reach: each call gets a plan of its own.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true);

-- name: list_conversations
-- Newest change first comes from the index on the hour of the change and a sort within it (migration 0010). Words ($19)
-- are looked up in the search index: the newest 1,000 documents with them; $10, a pattern, is for what the index has not
-- taken in yet.
WITH page AS (
    SELECT c.conversation_id
    FROM conversation c
    WHERE conversation_visible($1::boolean, $2::bigint, $3::bigint[], c.assigned_staff_id, c.status, c.department_id)
      AND ($4::text[] IS NULL OR c.status = ANY ($4))
      AND ($4 IS NULL OR cardinality($4) <> 1 OR c.status = $4[1]) -- one: an index in the order of the list serves
      AND ($5::text IS NULL OR c.department_id = (SELECT department_id FROM department WHERE slug = $5))
      AND ($6::bigint IS NULL OR c.assigned_staff_id = $6)
      AND (NOT $7::boolean OR c.assigned_staff_id IS NULL)
      AND ($8::text IS NULL OR c.channel = $8)
      AND ($9::text IS NULL OR c.priority = $9)
      AND ($10::text IS NULL OR c.conversation_id = ANY (ARRAY(
              SELECT unnest(search_newest($19::text, 1000))
              UNION ALL
              SELECT n.conversation_id
              FROM (SELECT e.conversation_id, e.message_seq FROM event e
                    WHERE e.event_id > (SELECT event_id FROM search_progress) AND e.conversation_id <> 0
                    ORDER BY e.event_id DESC LIMIT 5000) n
              JOIN conversation f USING (conversation_id)
              LEFT JOIN message m ON m.conversation_id = n.conversation_id AND m.seq = n.message_seq
              WHERE concat_ws(' ', f.user_name, f.user_id, f.user_email, f.user_phone, f.category, m.body) ILIKE $10)))
      AND ($11::timestamptz IS NULL OR c.created_at >= $11)
      AND ($12::timestamptz IS NULL OR c.created_at < $12)
      AND ($13::timestamptz IS NULL OR ((c.updated_at, c.conversation_id) < ($13, $14::bigint)
                                        AND c.active_hour <= date_trunc('hour', $13 AT TIME ZONE 'UTC')))
      AND ($17::integer IS NULL
           OR (queue_band(c.priority, (SELECT k.vip FROM contact k WHERE k.contact_id = c.contact_id)),
               c.waiting_since, c.conversation_id) > ($17, $18::timestamptz, $14))
    ORDER BY CASE WHEN $16::boolean
                  THEN queue_band(c.priority, (SELECT k.vip FROM contact k WHERE k.contact_id = c.contact_id)) END,
             CASE WHEN $16 THEN c.waiting_since END,
             CASE WHEN $16 THEN c.conversation_id END,
             c.active_hour DESC, c.updated_at DESC, c.conversation_id DESC
    LIMIT $15
)
SELECT v.*,
       (SELECT count(*) FROM message m
        WHERE m.conversation_id = v.conversation_id AND m.role = 'user'
          AND m.seq > coalesce((SELECT r.seq FROM read_mark r
                                WHERE r.staff_id = $2 AND r.conversation_id = v.conversation_id), 0)),
       EXISTS (SELECT 1 FROM draft f WHERE f.staff_id = $2 AND f.conversation_id = v.conversation_id AND f.body <> ''),
       queue_band(v.priority, k.vip)
FROM page JOIN conversation_view v USING (conversation_id) JOIN contact k ON k.contact_id = v.contact_id
ORDER BY CASE WHEN $16::boolean THEN queue_band(v.priority, k.vip) END,
         CASE WHEN $16 THEN v.waiting_since END,
         CASE WHEN $16 THEN v.conversation_id END,
         v.updated_at DESC, v.conversation_id DESC;

-- name: queue_counts
-- $4 is the start of the day, $5 now. Three index scans; never the whole table.
WITH recent AS (
    SELECT conversation_id FROM conversation WHERE status IN ('bot', 'pending', 'active')
    UNION SELECT conversation_id FROM conversation WHERE resolved_at >= $4::timestamptz
    UNION SELECT conversation_id FROM conversation WHERE created_at >= $4::timestamptz
)
SELECT count(*) FILTER (WHERE status = 'active'),
       count(*) FILTER (WHERE status = 'pending'),
       count(*) FILTER (WHERE resolved_at >= $4 AND status IN ('resolved', 'closed')),
       avg(extract(epoch FROM $5::timestamptz - waiting_since)) FILTER (WHERE status = 'pending'),
       count(*) FILTER (WHERE created_at >= $4),
       avg(extract(epoch FROM resolved_at - created_at))
           FILTER (WHERE resolved_at >= $4 AND status IN ('resolved', 'closed')),
       avg(rating) FILTER (WHERE rating IS NOT NULL AND resolved_at >= $4),
       avg(extract(epoch FROM first_response_at - handover_timestamp)) FILTER (WHERE first_response_at >= $4),
       avg(extract(epoch FROM taken_at - waiting_since)) FILTER (WHERE taken_at >= $4)
FROM conversation JOIN recent USING (conversation_id)
WHERE conversation_visible($1::boolean, $2::bigint, $3::bigint[], assigned_staff_id, status, department_id);

-- name: count_groups
-- The counts by what visibility is judged on, so that each reader gets the sums of what they may see.
WITH recent AS (
    SELECT conversation_id FROM conversation WHERE status IN ('pending', 'active')
    UNION SELECT conversation_id FROM conversation WHERE resolved_at >= $1::timestamptz
)
SELECT coalesce(assigned_staff_id, 0), coalesce(department_id, 0), status = 'pending',
       count(*) FILTER (WHERE status = 'active'),
       count(*) FILTER (WHERE status = 'pending'),
       count(*) FILTER (WHERE resolved_at >= $1 AND status IN ('resolved', 'closed')),
       coalesce(sum(extract(epoch FROM $2::timestamptz - waiting_since)) FILTER (WHERE status = 'pending'), 0)::bigint
FROM conversation JOIN recent USING (conversation_id)
GROUP BY 1, 2, 3;

-- name: visible_conversations
-- Which of these may the caller see now? For replays of the event log.
SELECT conversation_id FROM conversation
WHERE conversation_id = ANY ($4::bigint[])
  AND conversation_visible($1::boolean, $2::bigint, $3::bigint[], assigned_staff_id, status, department_id);

-- name: visible_tickets
-- The same for tickets: $4 an engineer. The pure twin is realtime::may_see_ticket.
SELECT ticket_id FROM ticket
WHERE ticket_id = ANY ($5::text[])
  AND ($1::boolean OR assigned_staff_id = $2::bigint OR ($4::boolean AND level = 'L2')
       OR (NOT $4 AND $2 > 0 AND assigned_staff_id IS NULL AND level <> 'manager'
           AND status NOT IN ('resolved', 'closed')
           AND (department_id IS NULL OR department_id = ANY ($3::bigint[]))));

-- name: mark_survey_sent
UPDATE conversation SET survey_sent_at = $2 WHERE conversation_id = $1;

-- History: what was said elsewhere, and recorded afterwards ----------------------------------------------------------

-- name: find_thread
SELECT conversation_id FROM thread WHERE channel = $1 AND key = $2;

-- name: add_thread
INSERT INTO thread (channel, key, conversation_id) VALUES ($1, $2, $3::bigint) ON CONFLICT DO NOTHING;

-- name: date_history
-- A conversation that was recorded afterwards began and ended when it was held.
UPDATE conversation SET created_at = $2::timestamptz, updated_at = $3::timestamptz, last_at = $3::timestamptz
WHERE conversation_id = $1::bigint;

-- name: annotate_message
-- Words are never changed; what is learnt of them later stands beside them.
UPDATE message SET metadata = (coalesce(metadata, '{}')::jsonb || $3::jsonb)::text
WHERE conversation_id = $1::bigint AND seq = $2::integer;

-- name: keep_facts
UPDATE conversation SET metadata = metadata || jsonb_build_object($2::text, $3::jsonb) WHERE conversation_id = $1::bigint;

-- name: find_facts
SELECT metadata::text FROM conversation WHERE conversation_id = $1::bigint;

-- name: customer_feedback
INSERT INTO message_feedback (conversation_id, seq, given_by, feedback, at)
VALUES ($1::bigint, $2::integer, 'customer', $3, $4::timestamptz)
ON CONFLICT (conversation_id, seq, given_by) DO NOTHING;

-- name: answers_of_assistant
-- Which of the newest messages, after $2, our assistant said as an answer rather than as a question.
SELECT seq FROM message
WHERE conversation_id = $1::bigint AND seq > $2::integer AND role = 'ai' AND metadata::jsonb ->> 'decision' = 'answer';
