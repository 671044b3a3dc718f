-- Contacts: $1 everything, $2 staff, $3 departments, $4 engineer are contact_visible's -------------------------------

-- name: current_id
WITH RECURSIVE chain AS (
    SELECT contact_id, merged_into FROM contact WHERE contact_id = $1
    UNION SELECT c.contact_id, c.merged_into FROM contact c JOIN chain ON c.contact_id = chain.merged_into
)
SELECT contact_id FROM chain WHERE merged_into IS NULL;

-- name: find
SELECT * FROM contact_view WHERE contact_id = $1::bigint;

-- name: sees
SELECT EXISTS (SELECT 1 FROM contact c
               WHERE c.contact_id = $5::bigint
                 AND (contact_visible(c.contact_id, $1::boolean, $2::bigint, $3::bigint[], $4::boolean)
                      OR ($6 <> '' AND c.e164 = $6) OR ($7 <> '' AND c.email_key = $7)));

-- name: list
SELECT v.*, p.recent
FROM (SELECT c.contact_id, coalesce(c.last_contact_at, c.created_at) AS recent
      FROM contact c
      WHERE c.merged_into IS NULL
        AND ($5::boolean IS NULL OR c.vip = $5)
        AND ($6::timestamptz IS NULL OR (coalesce(c.last_contact_at, c.created_at), c.contact_id) < ($6, $7::bigint))
        AND ($1::boolean OR c.contact_id IN (SELECT visible_contacts($2::bigint, $3::bigint[], $4::boolean)))
      ORDER BY coalesce(c.last_contact_at, c.created_at) DESC, c.contact_id DESC
      LIMIT $8::bigint) p
JOIN contact_view v USING (contact_id)
ORDER BY p.recent DESC, v.contact_id DESC;

-- name: search
-- As list, of those that match: $9, $10 a whole number or address, which shows its owner to everybody; $11 an id;
-- $12 part of a name, company, address or identity; $13 part of a number.
WITH found AS (
    SELECT c.contact_id FROM contact c WHERE $9 <> '' AND c.e164 = $9
    UNION SELECT c.contact_id FROM contact c WHERE $10 <> '' AND c.email_key = $10
    UNION SELECT $11::bigint WHERE $11 IS NOT NULL
    UNION SELECT c.contact_id FROM contact c
          WHERE $12::text IS NOT NULL AND (c.name || ' ' || c.company || ' ' || c.email_key) ILIKE $12
    UNION SELECT i.contact_id FROM contact_identity i WHERE $12 IS NOT NULL AND i.external_id ILIKE $12
    UNION SELECT c.contact_id FROM contact c WHERE $13::text IS NOT NULL AND c.e164 LIKE $13
)
SELECT v.*, p.recent
FROM (SELECT c.contact_id, coalesce(c.last_contact_at, c.created_at) AS recent
      FROM found JOIN contact c USING (contact_id)
      WHERE c.merged_into IS NULL
        AND ($5::boolean IS NULL OR c.vip = $5)
        AND ($6::timestamptz IS NULL OR (coalesce(c.last_contact_at, c.created_at), c.contact_id) < ($6, $7::bigint))
        AND ($1::boolean OR c.contact_id IN (SELECT visible_contacts($2::bigint, $3::bigint[], $4::boolean))
             OR ($9 <> '' AND c.e164 = $9) OR ($10 <> '' AND c.email_key = $10))
      ORDER BY recent DESC, c.contact_id DESC
      LIMIT $8::bigint) p
JOIN contact_view v USING (contact_id)
ORDER BY p.recent DESC, v.contact_id DESC;

-- name: lock
-- Not FOR UPDATE: the append lane may go on adding conversations to a locked contact.
SELECT contact_id FROM contact WHERE contact_id = ANY ($1::bigint[]) ORDER BY contact_id FOR NO KEY UPDATE;

-- name: by_phone
SELECT contact_id FROM contact WHERE e164 = $1 AND e164 <> '' AND merged_into IS NULL ORDER BY contact_id LIMIT 1;

-- name: by_email
SELECT contact_id FROM contact WHERE email_key = $1 AND email_key <> '' AND merged_into IS NULL
ORDER BY contact_id LIMIT 1;

-- name: lock_keys
-- Two who bring the same new address or number at once take turns.
SELECT pg_advisory_xact_lock(hashtextextended('contact:' || k, 0)) FROM unnest($1::text[]) AS k ORDER BY k;

-- name: insert
INSERT INTO contact (name, email, phone, e164, language, vip, company, custom, consent, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6::boolean, $7, $8::jsonb, $9::jsonb, $10::timestamptz, $10::timestamptz)
RETURNING contact_id;

-- name: update
UPDATE contact SET name = $2, email = $3, phone = $4, e164 = $5, language = $6, vip = $7::boolean, company = $8,
    custom = $9::jsonb, consent = $10::jsonb, last_contact_at = $11::timestamptz, updated_at = $12::timestamptz
WHERE contact_id = $1::bigint;

-- name: find_identity
SELECT contact_id, verified FROM contact_identity WHERE channel = $1 AND external_id = $2;

-- name: put_identity
INSERT INTO contact_identity (channel, external_id, contact_id, verified) VALUES ($1, $2, $3::bigint, $4::boolean)
ON CONFLICT (channel, external_id) DO UPDATE SET verified = excluded.verified;

-- name: candidates
-- Who may be the same person: same number, same address, or same name at the same company.
SELECT v.* FROM contact_view v
WHERE v.contact_id IN (
          SELECT o.contact_id FROM contact c JOIN contact o ON o.e164 = c.e164 AND o.e164 <> ''
          WHERE c.contact_id = $5::bigint
          UNION SELECT o.contact_id FROM contact c JOIN contact o ON o.email_key = c.email_key AND o.email_key <> ''
          WHERE c.contact_id = $5
          UNION SELECT o.contact_id FROM contact c
          JOIN contact o ON lower(o.name) = lower(c.name) AND lower(o.company) = lower(c.company)
                        AND o.name <> '' AND o.company <> ''
          WHERE c.contact_id = $5 AND c.name <> '' AND c.company <> '')
  AND v.contact_id <> $5 AND v.merged_into IS NULL
  AND ($1::boolean OR v.contact_id IN (SELECT visible_contacts($2::bigint, $3::bigint[], $4::boolean)))
ORDER BY v.contact_id LIMIT 50;

-- name: timeline
-- Everything about one contact, newest first. Conversations that the caller may not see are told without their words,
-- and their notes and ratings not at all.
WITH seen AS (
    SELECT v.*, ($1::boolean OR v.assigned_staff_id = $2::bigint
                 OR (NOT $4::boolean AND $2 > 0 AND v.status = 'pending'
                     AND (v.department_id IS NULL OR v.department_id = ANY ($3::bigint[])))) AS visible
    FROM conversation v WHERE v.contact_id = $5::bigint
), entry AS (
    SELECT 'conversation' AS type, 'CONV-' || v.conversation_id AS id, v.created_at AS at, v.channel AS title,
           CASE WHEN v.visible THEN coalesce(v.resolution, v.last_text) ELSE '' END AS body, v.status AS state,
           CASE WHEN v.visible THEN v.conversation_id END AS conversation_id, v.assigned_staff_id AS staff_id,
           '{}'::jsonb AS metadata
    FROM seen v
    UNION ALL
    SELECT 'rating', 'CONV-' || v.conversation_id, coalesce(v.resolved_at, v.updated_at), v.rating::text,
           coalesce(v.rating_comment, ''), '', v.conversation_id, v.assigned_staff_id, '{}'
    FROM seen v WHERE v.rating IS NOT NULL AND v.visible
    UNION ALL
    SELECT 'note', 'NOTE-' || n.note_id, n.at, '', n.body, '', n.conversation_id, n.staff_id, '{}'
    FROM note n JOIN seen v USING (conversation_id) WHERE v.visible
    UNION ALL
    SELECT 'activity', 'ACT-' || a.activity_id, a.at, a.title, a.body, a.type, a.conversation_id, a.staff_id, a.metadata
    FROM activity a LEFT JOIN seen v USING (conversation_id)
    WHERE a.contact_id = $5 AND (a.conversation_id IS NULL OR v.visible)
    UNION ALL
    SELECT 'task', 'TASK-' || k.task_id, k.created_at, k.title, k.note, CASE WHEN k.done_at IS NULL THEN 'open' ELSE 'done' END,
           k.conversation_id, k.owner_id, json_build_object('due_at', k.due_at)::jsonb
    FROM task k WHERE k.contact_id = $5
    UNION ALL
    SELECT 'ticket', k.ticket_id, k.at, k.subject, '', k.status, NULL, k.assigned, '{}' FROM contact_tickets($5) k
    UNION ALL
    SELECT 'merge', 'MERGE-' || m.merge_id, m.at, 'CUST-' || m.other_id, coalesce(m.snapshot -> 'other' ->> 'name', ''),
           CASE WHEN m.undone_at IS NULL THEN 'merged' ELSE 'undone' END, NULL, m.staff_id, '{}'
    FROM contact_merge m WHERE m.kept_id = $5
)
SELECT e.type, e.id, e.at, e.title, e.body, e.state, e.conversation_id, e.staff_id, s.name, e.metadata::text
FROM entry e LEFT JOIN staff s USING (staff_id)
WHERE $6::timestamptz IS NULL OR (e.at, e.type, e.id) < ($6, $7::text, $8::text)
ORDER BY e.at DESC, e.type DESC, e.id DESC
LIMIT $9::bigint;

-- Merging -------------------------------------------------------------------------------------------------------------

-- name: count_belongings
SELECT (SELECT count(*) FROM conversation WHERE contact_id = $1::bigint),
       (SELECT count(*) FROM contact_tickets($1)),
       (SELECT count(*) FROM lead WHERE contact_id = $1),
       (SELECT count(*) FROM activity WHERE contact_id = $1),
       (SELECT count(*) FROM task WHERE contact_id = $1),
       (SELECT count(*) FROM contact_identity WHERE contact_id = $1);

-- name: move_conversations
-- The version counts up because the append lane remembers recent conversations and must notice.
UPDATE conversation SET contact_id = $2::bigint, version = version + 1
WHERE contact_id = $1::bigint AND ($3::bigint[] IS NULL OR conversation_id = ANY ($3)) RETURNING conversation_id;

-- name: move_tickets
SELECT move_contact_tickets($1::bigint, $2::bigint, $3::text[]);

-- name: move_leads
UPDATE lead SET contact_id = $2::bigint
WHERE contact_id = $1::bigint AND ($3::bigint[] IS NULL OR lead_id = ANY ($3)) RETURNING lead_id;

-- name: move_activities
UPDATE activity SET contact_id = $2::bigint
WHERE contact_id = $1::bigint AND ($3::bigint[] IS NULL OR activity_id = ANY ($3)) RETURNING activity_id;

-- name: move_tasks
UPDATE task SET contact_id = $2::bigint
WHERE contact_id = $1::bigint AND ($3::bigint[] IS NULL OR task_id = ANY ($3)) RETURNING task_id;

-- name: move_identities
UPDATE contact_identity SET contact_id = $2::bigint
WHERE contact_id = $1::bigint AND ($3::jsonb IS NULL
      OR jsonb_build_object('channel', channel, 'external_id', external_id) IN (SELECT jsonb_array_elements($3)))
RETURNING channel, external_id;

-- name: set_merged_into
UPDATE contact SET merged_into = $2::bigint, updated_at = $3::timestamptz WHERE contact_id = $1::bigint;

-- name: insert_merge
INSERT INTO contact_merge (kept_id, other_id, snapshot, at, staff_id)
VALUES ($1::bigint, $2::bigint, $3::jsonb, $4::timestamptz, $5::bigint) RETURNING merge_id;

-- name: lock_merge
SELECT m.kept_id, m.other_id, m.snapshot::text, m.undone_at IS NOT NULL,
       EXISTS (SELECT 1 FROM contact_merge later
               WHERE later.merge_id > m.merge_id AND later.undone_at IS NULL
                 AND (later.kept_id IN (m.kept_id, m.other_id) OR later.other_id IN (m.kept_id, m.other_id)))
FROM contact_merge m WHERE m.merge_id = $1::bigint FOR UPDATE OF m;

-- name: close_merge
UPDATE contact_merge SET undone_at = $2::timestamptz, undone_by = $3::bigint WHERE merge_id = $1::bigint;

-- Leads, activities, tasks --------------------------------------------------------------------------------------------

-- name: current_lead
SELECT l.lead_id, l.contact_id, c.name, l.status, l.score, l.source, l.priority, l.handover_requested,
       l.handover_trigger, l.handover_timestamp, l.created_at, l.updated_at
FROM lead l JOIN contact c USING (contact_id) WHERE l.lead_id = contact_lead($1::bigint);

-- name: lock_lead
SELECT l.lead_id, l.contact_id, c.name, l.status, l.score, l.source, l.priority, l.handover_requested,
       l.handover_trigger, l.handover_timestamp, l.created_at, l.updated_at
FROM lead l JOIN contact c USING (contact_id) WHERE l.lead_id = $1::bigint FOR UPDATE OF l;

-- name: list_leads
SELECT l.lead_id, l.contact_id, c.name, l.status, l.score, l.source, l.priority, l.handover_requested,
       l.handover_trigger, l.handover_timestamp, l.created_at, l.updated_at
FROM lead l JOIN contact c USING (contact_id)
WHERE ($1::boolean OR l.contact_id IN (SELECT visible_contacts($2::bigint, $3::bigint[], $4::boolean)))
  AND ($5::text IS NULL OR l.status = $5)
  AND ($6::text IS NULL OR l.priority = $6)
  AND ($7::bigint IS NULL OR l.contact_id = $7)
  AND ($8::timestamptz IS NULL OR (l.updated_at, l.lead_id) < ($8, $9::bigint))
ORDER BY l.updated_at DESC, l.lead_id DESC
LIMIT $10::bigint;

-- name: insert_lead
INSERT INTO lead (contact_id, status, score, source, priority, handover_requested, handover_trigger,
                  handover_timestamp, conversation_id, created_at, updated_at)
VALUES ($1::bigint, $2, $3::integer, $4, $5, $6::boolean, $7, $8::timestamptz, $9::bigint, $10::timestamptz,
        $11::timestamptz)
RETURNING lead_id;

-- name: update_lead
UPDATE lead SET status = $2, score = $3::integer, source = $4, priority = $5, handover_requested = $6::boolean,
    handover_trigger = $7, handover_timestamp = $8::timestamptz, conversation_id = coalesce($9::bigint, conversation_id),
    updated_at = $10::timestamptz
WHERE lead_id = $1::bigint;

-- name: insert_activity
-- No row comes back when this event has its activity already.
INSERT INTO activity (contact_id, type, title, body, at, staff_id, conversation_id, metadata, event_id)
VALUES ($1::bigint, $2, $3, $4, $5::timestamptz, $6::bigint, $7::bigint, $8::jsonb, $9::bigint)
ON CONFLICT ON CONSTRAINT activity_event_key DO NOTHING
RETURNING activity_id;

-- name: list_activities
SELECT a.activity_id, a.contact_id, c.name, a.type, a.title, a.body, a.at, a.staff_id, s.name, a.conversation_id,
       a.metadata::text
FROM activity a JOIN contact c USING (contact_id) LEFT JOIN staff s USING (staff_id)
WHERE ($1::boolean OR a.contact_id IN (SELECT visible_contacts($2::bigint, $3::bigint[], $4::boolean)))
  AND ($5::bigint IS NULL OR a.contact_id = $5)
  AND ($6::text IS NULL OR a.type = $6)
  AND ($7::bigint IS NULL OR a.conversation_id = $7)
  AND ($8::timestamptz IS NULL OR (a.at, a.activity_id) < ($8, $9::bigint))
  AND ($10::bigint IS NULL OR a.activity_id = $10)
ORDER BY a.at DESC, a.activity_id DESC
LIMIT $11::bigint;

-- name: list_tasks
-- Managers and admins see all; others their own, what they asked for, and what nobody has for contacts they may see.
SELECT k.task_id, k.title, k.note, k.due_at, k.done_at, k.owner_id, s.name, k.contact_id, c.name, k.conversation_id,
       k.ticket_id, k.created_at, coalesce(k.due_at, 'infinity') = 'infinity'
FROM task k LEFT JOIN staff s ON s.staff_id = k.owner_id LEFT JOIN contact c ON c.contact_id = k.contact_id
WHERE ($1::boolean OR $2::bigint IN (k.owner_id, k.created_by)
       OR (k.owner_id IS NULL
           AND (k.contact_id IS NULL OR k.contact_id IN (SELECT visible_contacts($2, $3::bigint[], $4::boolean)))))
  AND ($5::bigint IS NULL OR k.owner_id = $5)
  AND (NOT $6::boolean OR k.owner_id IS NULL)
  AND ($7::boolean IS NULL OR (k.done_at IS NULL) = $7)
  AND ($8::bigint IS NULL OR k.contact_id = $8)
  AND ($9::bigint IS NULL OR k.conversation_id = $9)
  AND ($10::text IS NULL OR (coalesce(k.due_at, 'infinity'), k.task_id) > ($10::timestamptz, $11::bigint))
  AND ($12::bigint IS NULL OR k.task_id = $12)
ORDER BY coalesce(k.due_at, 'infinity'), k.task_id
LIMIT $13::bigint;

-- name: insert_task
INSERT INTO task (title, note, due_at, owner_id, created_by, contact_id, conversation_id, ticket_id, created_at,
                  updated_at)
VALUES ($1, $2, $3::timestamptz, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8, $9::timestamptz, $9::timestamptz)
RETURNING task_id;

-- name: lock_task
SELECT task_id FROM task WHERE task_id = $1::bigint FOR UPDATE;

-- name: update_task
UPDATE task SET title = $2, note = $3, due_at = $4::timestamptz, done_at = $5::timestamptz, owner_id = $6::bigint,
    updated_at = $7::timestamptz
WHERE task_id = $1::bigint;

-- name: find_conversation
-- Its contact, when the caller may see it.
SELECT v.contact_id FROM conversation v
WHERE v.conversation_id = $5::bigint
  AND ($1::boolean OR v.assigned_staff_id = $2::bigint
       OR (NOT $4::boolean AND $2 > 0 AND v.status = 'pending'
           AND (v.department_id IS NULL OR v.department_id = ANY ($3::bigint[]))));

-- name: find_colleague
SELECT name FROM staff WHERE staff_id = $1::bigint AND active;

-- Following conversations ---------------------------------------------------------------------------------------------

-- name: learn_from_conversations
-- What a contact told in a conversation fills in what is not known of them yet. A conversation of a record that was
-- merged meanwhile goes to the one that stands for it.
WITH moved AS (
    UPDATE conversation v SET contact_id = c.merged_into, version = v.version + 1
    FROM contact c
    WHERE v.conversation_id = ANY ($1::bigint[]) AND c.contact_id = v.contact_id AND c.merged_into IS NOT NULL
), told AS (
    SELECT DISTINCT ON (contact_id) coalesce(c.merged_into, v.contact_id) AS contact_id, v.user_name, v.user_email,
           CASE WHEN v.user_phone <> '' THEN v.user_phone
                WHEN v.channel = 'whatsapp' THEN '+' || substring(v.user_id FROM '^\+?([0-9]{7,15})(@|$)')
                ELSE '' END AS user_phone, v.language,
           max(v.last_at) OVER (PARTITION BY v.contact_id) AS last_at
    FROM conversation v JOIN contact c USING (contact_id)
    WHERE v.conversation_id = ANY ($1) ORDER BY contact_id, v.conversation_id DESC
)
UPDATE contact c
SET name = CASE WHEN c.name = '' THEN told.user_name ELSE c.name END,
    email = CASE WHEN c.email = '' THEN told.user_email ELSE c.email END,
    phone = CASE WHEN c.phone = '' THEN coalesce(told.user_phone, '') ELSE c.phone END,
    e164 = CASE WHEN c.phone = '' AND told.user_phone <> '' THEN NULL ELSE c.e164 END,
    language = CASE WHEN c.language = '' THEN told.language ELSE c.language END,
    last_contact_at = greatest(c.last_contact_at, told.last_at)
FROM told WHERE c.contact_id = told.contact_id;

-- name: verify_whatsapp
-- The network has made sure of the number.
UPDATE contact_identity i SET verified = true
FROM conversation v
WHERE v.conversation_id = ANY ($1::bigint[]) AND v.channel = 'whatsapp' AND i.channel = v.channel
  AND i.external_id = v.user_id AND NOT i.verified;

-- name: unread_phones
SELECT contact_id, phone FROM contact WHERE e164 IS NULL AND phone <> '' ORDER BY contact_id LIMIT 500;

-- name: set_e164
UPDATE contact c SET e164 = g.e164
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS g (contact_id, phone, e164)
WHERE c.contact_id = g.contact_id AND c.phone = g.phone AND c.e164 IS NULL;

-- name: trigger_of
-- What the customer said last before the handover, and the talk that led to it.
SELECT (SELECT m.body FROM message m WHERE m.conversation_id = v.conversation_id AND m.role = 'user' AND m.seq <= $2::integer
        ORDER BY m.seq DESC LIMIT 1),
       v.contact_id, v.handover_reason, v.handover_by, v.department_id,
       (SELECT coalesce(json_agg(json_build_object('seq', m.seq, 'role', m.role, 'sender', m.sender, 'message', m.body,
                                                   'at', m.at) ORDER BY m.seq), '[]')
        FROM (SELECT * FROM message m WHERE m.conversation_id = v.conversation_id AND m.seq <= $2
              ORDER BY m.seq DESC LIMIT 10) m)::text
FROM conversation v WHERE v.conversation_id = $1::bigint;

-- Document 003's four questions ---------------------------------------------------------------------------------------

-- name: report_accuracy
SELECT handover_needed, avg(confidence_score), count(*) FROM intent_analysis_log
WHERE created_at >= $1::timestamptz GROUP BY handover_needed ORDER BY handover_needed DESC;

-- name: report_triggers
SELECT handover_trigger, count(*) FROM lead WHERE handover_requested AND handover_trigger <> ''
GROUP BY handover_trigger ORDER BY count(*) DESC, handover_trigger LIMIT 10;

-- name: report_decisions
SELECT message_text, handover_needed, confidence_score, reason, created_at, conversation_id
FROM intent_analysis_log ORDER BY created_at DESC LIMIT 20;

-- name: report_activities
SELECT coalesce(nullif(c.e164, ''), c.phone), a.title, a.body, a.at, a.contact_id, a.conversation_id
FROM activity a JOIN contact c USING (contact_id)
WHERE a.type = 'handover' AND a.at >= $1::timestamptz ORDER BY a.at DESC LIMIT 200;
