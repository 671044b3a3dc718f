-- The index ------------------------------------------------------------------------------------------------------

-- name: lock_progress
-- One process at a time moves the index on. No row: another one is at it.
SELECT p.event_id, h.event_id FROM search_progress p, event_head h FOR UPDATE OF p SKIP LOCKED;

-- name: progress
SELECT h.event_id - p.event_id, h.event_id FROM search_progress p, event_head h;

-- name: advance
UPDATE search_progress SET event_id = $1::bigint;

-- name: read_events
-- What happened: a message (with its text), or something with a conversation. $2 events at most, as ids are dense.
SELECT e.conversation_id, e.message_seq, m.at, m.body
FROM event e
LEFT JOIN message m ON m.conversation_id = e.conversation_id AND m.seq = e.message_seq
WHERE e.event_id > $1::bigint AND e.event_id <= $2::bigint
  AND (e.message_seq IS NOT NULL OR e.type IN ('conversation.new', 'conversation.update'))
ORDER BY e.event_id;

-- name: contacts_of
SELECT DISTINCT contact_id FROM conversation WHERE conversation_id = ANY ($1::bigint[]);

-- name: add_messages
INSERT INTO search_document (document_id, kind, ref, seq, at, words)
SELECT n.document_id, 2, n.ref, n.seq, n.at, search_vector(n.document_id, 2, n.folded)
FROM (SELECT nextval(pg_get_serial_sequence('search_document', 'document_id')) AS document_id, g.*
      FROM unnest($1::bigint[], $2::integer[], $3::timestamptz[], $4::text[]) AS g (ref, seq, at, folded)) n
ON CONFLICT (kind, ref, seq) DO NOTHING;

-- name: add_words
INSERT INTO search_word (word, stem) SELECT w, search_stem(w) FROM unnest($1::text[]) w
WHERE NOT EXISTS (SELECT FROM search_word k WHERE k.word = w)
ON CONFLICT DO NOTHING;

-- name: index_things
-- Conversations, tickets, contacts or articles ($1, the kind). Again only when what is searched has changed: then the document
-- moves to the newest end. Returns the texts that changed.
WITH changed AS (
    SELECT nextval(pg_get_serial_sequence('search_document', 'document_id')) AS document_id, s.kind, s.ref, s.at, s.folded
    FROM search_source s LEFT JOIN search_document d ON d.kind = s.kind AND d.ref = s.ref AND d.seq = 0
    WHERE s.kind = $1::integer AND s.ref = ANY ($2::bigint[]) AND d.digest IS DISTINCT FROM hashtext(s.folded)
), stored AS (
    INSERT INTO search_document (document_id, kind, ref, digest, at, words)
    SELECT document_id, kind, ref, hashtext(folded), at, search_vector(document_id, kind, folded) FROM changed
    ON CONFLICT (kind, ref, seq) DO UPDATE
        SET document_id = excluded.document_id, digest = excluded.digest, at = excluded.at, words = excluded.words
)
SELECT folded FROM changed;

-- name: changed_things
-- Changed since the last look, oldest first.
SELECT s.ref, s.updated_at FROM search_source s
WHERE s.kind = $1::integer
  AND (s.updated_at, s.ref) > ((SELECT m.at FROM search_mark m WHERE m.kind = $1),
                               (SELECT m.ref FROM search_mark m WHERE m.kind = $1))
ORDER BY s.updated_at, s.ref LIMIT $2;

-- name: late_things
-- A transaction commits later than it takes the time: look a little back, too.
SELECT s.ref FROM search_source s
WHERE s.kind = $1::integer AND s.updated_at > (SELECT m.at FROM search_mark m WHERE m.kind = $1) - interval '10 s'
  AND s.updated_at <= (SELECT m.at FROM search_mark m WHERE m.kind = $1)
ORDER BY s.updated_at DESC LIMIT $2;

-- name: advance_things
UPDATE search_mark SET at = $2::timestamptz, ref = $3::bigint WHERE kind = $1::integer;

-- name: note_times
-- Of the documents after $1.
INSERT INTO search_segment AS s (segment, first_at, last_at)
SELECT document_id >> 14, min(at), max(at) FROM search_document WHERE document_id > $1::bigint GROUP BY 1
ON CONFLICT (segment) DO UPDATE
    SET first_at = least(s.first_at, excluded.first_at), last_at = greatest(s.last_at, excluded.last_at);

-- name: enable_typos
SELECT search_enable_typos();

-- Searching ------------------------------------------------------------------------------------------------------

-- name: word_forms
-- Other forms of each word that were written somewhere.
SELECT g.word, w.word FROM unnest($1::text[]) AS g (word)
CROSS JOIN LATERAL (SELECT k.word FROM search_word k WHERE k.stem = search_stem(g.word) LIMIT 30) w;

-- name: longer_words
SELECT word FROM search_word WHERE word >= $1::text AND word < $1 || chr(1114111) LIMIT $2;

-- name: similar_words
SELECT g.word, s.word FROM unnest($1::text[]) AS g (word) CROSS JOIN LATERAL search_similar(g.word, 60) s;

-- name: newest_document
SELECT coalesce(max(document_id), 0) FROM search_document;

-- name: few_conversations
-- The conversations that the filters leave, when they are few; $12 + 1 rows say that they are many.
-- $1 sees everything, $2 staff, $3 departments; NULL is no filter.
SELECT c.conversation_id FROM conversation c
WHERE conversation_visible($1::boolean, $2::bigint, $3::bigint[], c.assigned_staff_id, c.status, c.department_id)
  AND ($4::text[] IS NULL OR c.status = ANY ($4))
  AND ($5::bigint IS NULL OR c.department_id = $5)
  AND ($6::bigint IS NULL OR c.assigned_staff_id = $6)
  AND (NOT $7::boolean OR c.assigned_staff_id IS NULL)
  AND ($8::text IS NULL OR c.channel = $8)
  AND ($9::text IS NULL OR c.category = $9)
  AND ($10::text IS NULL OR c.tags @> ARRAY[$10])
  AND ($11::integer IS NULL OR c.rating = $11)
LIMIT $12::integer + 1;

-- name: segments_between
-- Those that have documents of these times, NULL for no bound.
SELECT min(segment), max(segment) FROM search_segment
WHERE ($1::timestamptz IS NULL OR last_at >= $1) AND ($2::timestamptz IS NULL OR first_at < $2);

-- name: find
-- The newest $19 documents with the words of $12 (messages) or $13 (all else) that have $14, in the segments of $15 and
-- with document ids from $25 and before $16, and of these the first $20 that the caller may see and the filters leave.
-- $17 and $18: times; $21: a filter is set that only conversations can meet, $22: or one that contacts cannot; $23:
-- engineer, $24: own staff id. The last document looked at comes, too, to say how far this went and how many they were.
-- The segments are a condition of their own: the index then skips from one list to the other. "+ 0" keeps the primary
-- key's index out of it, which would be read for the whole span and take longer than all the rest. $14 is no condition
-- for the index, so a function. Subqueries, not joins: one look by key for each document.
SELECT j.document_id, j.kind, j.ref, j.seq, j.at, coalesce(j.mine, false), j.last, j.n
FROM (
    SELECT d.*, CASE
        WHEN d.kind <= 2 THEN (
            SELECT conversation_visible($1::boolean, $2::bigint, $3::bigint[], c.assigned_staff_id, c.status,
                                        c.department_id)
               AND ($4::text[] IS NULL OR c.status = ANY ($4))
               AND ($5::bigint IS NULL OR c.department_id = $5)
               AND ($6::bigint IS NULL OR c.assigned_staff_id = $6)
               AND (NOT $7::boolean OR c.assigned_staff_id IS NULL)
               AND ($8::text IS NULL OR c.channel = $8)
               AND ($9::text IS NULL OR c.category = $9)
               AND ($10::text IS NULL OR c.tags @> ARRAY[$10])
               AND ($11::integer IS NULL OR c.rating = $11)
            FROM conversation c WHERE c.conversation_id = d.ref)
        WHEN d.kind = 3 THEN NOT $21::boolean AND (
            SELECT ticket_visible($1, $24::bigint, $3, $23::boolean, t.assigned_staff_id, t.department_id, t.waiting,
                                  t.escalated)
               AND ($4 IS NULL OR t.status = ANY ($4))
               AND ($5 IS NULL OR t.department_id = $5)
               AND ($6 IS NULL OR t.assigned_staff_id = $6)
               AND (NOT $7 OR t.assigned_staff_id IS NULL)
               AND ($9 IS NULL OR t.category = $9)
               AND ($10 IS NULL OR t.tags @> ARRAY[$10])
            FROM search_ticket t WHERE t.ticket_no = d.ref)
        ELSE NOT $22::boolean END AS mine
    FROM (
        SELECT h.*, row_number() OVER w AS n, lead(h.document_id) OVER w IS NULL AS last
        FROM (
            SELECT document_id, kind, ref, seq, at
            FROM search_document
            WHERE (words @@ $12::tsquery OR words @@ $13::tsquery)
              AND ($14::tsquery IS NULL OR ts_match_vq(words, $14))
              AND ($15::tsquery IS NULL OR words @@ $15)
              AND document_id + 0 >= $25::bigint AND document_id + 0 < $16::bigint
              AND ($17::timestamptz IS NULL OR at >= $17)
              AND ($18::timestamptz IS NULL OR at < $18)
            ORDER BY document_id + 0 DESC LIMIT $19::integer -- sorted first: judging stops when the page is full
        ) h
        WINDOW w AS (ORDER BY h.document_id DESC)
    ) d
    OFFSET 0 -- judged once
) j
WHERE j.mine OR j.last
ORDER BY j.document_id DESC LIMIT $20::integer;

-- name: find_within
-- The same within a few conversations, judged already: read by them, however common the words are.
SELECT d.document_id, d.kind, d.ref, d.seq, d.at
FROM search_document d
WHERE d.kind IN (1, 2) AND d.ref = ANY ($1::bigint[]) AND (d.words @@ $2::tsquery OR d.words @@ $3::tsquery)
  AND d.document_id < $4::bigint
  AND ($5::timestamptz IS NULL OR d.at >= $5)
  AND ($6::timestamptz IS NULL OR d.at < $6)
ORDER BY d.document_id DESC LIMIT $7::integer;

-- name: show_messages
SELECT m.conversation_id, m.seq, m.body, m.sender, c.user_name, m.message_id
FROM unnest($1::bigint[], $2::integer[]) AS g (conversation_id, seq)
JOIN message m ON m.conversation_id = g.conversation_id AND m.seq = g.seq
JOIN conversation c ON c.conversation_id = m.conversation_id;

-- name: show_conversations
SELECT c.conversation_id, concat_ws(' · ', 'CONV-' || c.conversation_id, nullif(c.user_name, ''),
           nullif(c.user_email, ''), nullif(c.user_phone, ''), nullif(c.category, ''),
           nullif(array_to_string(c.tags, ', '), ''), nullif(c.outcome, ''), nullif(c.resolution, ''),
           nullif(c.rating_comment, '')), c.user_name, c.user_id
FROM conversation c WHERE c.conversation_id = ANY ($1::bigint[]);

-- name: show_tickets
SELECT t.ticket_no, t.ticket_id, t.subject,
       concat_ws(' · ', t.ticket_id, t.subject, nullif(t.description, ''), nullif(t.requester_name, ''),
                 nullif(t.requester_email, ''), nullif(t.requester_phone, ''), nullif(t.category, ''),
                 nullif(array_to_string(t.tags, ', '), ''), t.replies)
FROM search_ticket t WHERE t.ticket_no = ANY ($1::bigint[]);

-- name: show_contacts
SELECT c.contact_id, c.name, concat_ws(' · ', nullif(c.name, ''), nullif(c.email, ''), nullif(c.phone, ''))
FROM contact c WHERE c.contact_id = ANY ($1::bigint[]);

-- name: show_articles
SELECT article_id, title, concat_ws(' · ', title, nullif(array_to_string(questions, ' · '), ''), body) FROM article
WHERE article_id = ANY ($1::bigint[]) AND status <> 'archived';

-- name: department_id
SELECT department_id FROM department WHERE slug = $1;

-- name: custom_plans
-- These statements have filters of very different reach, so each call gets a plan of its own.
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('random_page_cost', '1.1', true),
       set_config('jit', 'off', true);

-- Saved views ----------------------------------------------------------------------------------------------------

-- name: list_views
SELECT v.view_id, v.name, v.filters::text, v.shared, v.staff_id, s.name, v.updated_at
FROM saved_view v JOIN staff s USING (staff_id)
WHERE (v.shared OR v.staff_id = $1) AND v.view_id > $2::bigint ORDER BY v.view_id LIMIT $3;

-- name: find_view
SELECT v.view_id, v.name, v.filters::text, v.shared, v.staff_id, s.name, v.updated_at
FROM saved_view v JOIN staff s USING (staff_id) WHERE v.view_id = $1 AND (v.shared OR v.staff_id = $2);

-- name: count_views
SELECT count(*) FROM saved_view WHERE staff_id = $1;

-- name: add_view
INSERT INTO saved_view (staff_id, name, filters, shared, created_at, updated_at)
VALUES ($1, $2, $3::jsonb, $4, $5, $5) RETURNING view_id;

-- name: change_view
UPDATE saved_view SET name = $2, filters = $3::jsonb, shared = $4, updated_at = $5 WHERE view_id = $1;

-- name: drop_view
DELETE FROM saved_view WHERE view_id = $1;

-- Exports --------------------------------------------------------------------------------------------------------
-- Pages in the order of a key: $1 and $2 are the last one, $3 how many. Then the filters, NULL for none. The object of
-- a row has its columns in the order of the CSV.

-- name: export_conversations
SELECT c.conversation_id, 0, json_build_object(
    'conversation_id', 'CONV-' || c.conversation_id, 'created_at', search_stamp(c.created_at),
    'updated_at', search_stamp(c.updated_at), 'status', c.status, 'handler', c.handler, 'priority', c.priority,
    'department', (SELECT d.slug FROM department d WHERE d.department_id = c.department_id), 'category', c.category,
    'channel', c.channel, 'user_id', c.user_id, 'user_name', c.user_name, 'user_email', c.user_email,
    'user_phone', c.user_phone, 'language', c.language,
    'assigned_staff', (SELECT s.name FROM staff s WHERE s.staff_id = c.assigned_staff_id),
    'tags', array_to_string(c.tags, ', '), 'messages', c.last_seq, 'handover_at', search_stamp(c.handover_timestamp),
    'handover_reason', c.handover_reason, 'resolved_at', search_stamp(c.resolved_at), 'outcome', c.outcome,
    'resolution', c.resolution, 'rating', c.rating, 'rating_comment', c.rating_comment)::text
FROM conversation c
WHERE c.conversation_id > $1::bigint AND $2::integer >= 0
  AND ($4::timestamptz IS NULL OR c.created_at >= $4) AND ($5::timestamptz IS NULL OR c.created_at < $5)
  AND ($6::text[] IS NULL OR c.status = ANY ($6))
  AND ($7::bigint IS NULL OR c.department_id = $7)
  AND ($8::bigint IS NULL OR c.assigned_staff_id = $8)
  AND (NOT $9::boolean OR c.assigned_staff_id IS NULL)
  AND ($10::text IS NULL OR c.category = $10)
  AND ($11::text IS NULL OR c.tags @> ARRAY[$11])
  AND ($12::text IS NULL OR c.channel = $12)
  AND ($13::integer IS NULL OR c.rating = $13)
ORDER BY c.conversation_id LIMIT $3;

-- name: count_conversations
SELECT count(*) FROM conversation c
WHERE c.conversation_id > $1::bigint AND $2::integer >= 0 AND $3::bigint > 0
  AND ($4::timestamptz IS NULL OR c.created_at >= $4) AND ($5::timestamptz IS NULL OR c.created_at < $5)
  AND ($6::text[] IS NULL OR c.status = ANY ($6))
  AND ($7::bigint IS NULL OR c.department_id = $7)
  AND ($8::bigint IS NULL OR c.assigned_staff_id = $8)
  AND (NOT $9::boolean OR c.assigned_staff_id IS NULL)
  AND ($10::text IS NULL OR c.category = $10)
  AND ($11::text IS NULL OR c.tags @> ARRAY[$11])
  AND ($12::text IS NULL OR c.channel = $12)
  AND ($13::integer IS NULL OR c.rating = $13);

-- name: export_messages
SELECT m.conversation_id, m.seq, json_build_object(
    'conversation_id', 'CONV-' || m.conversation_id, 'seq', m.seq, 'message_id', m.message_id, 'at', search_stamp(m.at),
    'received_at', search_stamp(m.received_at), 'channel', m.channel, 'role', m.role, 'sender', m.sender,
    'staff_id', 'STF-' || m.staff_id, 'message', m.body)::text
FROM message m JOIN conversation c USING (conversation_id)
WHERE (m.conversation_id, m.seq) > ($1::bigint, $2::integer)
  AND ($4::timestamptz IS NULL OR m.at >= $4) AND ($5::timestamptz IS NULL OR m.at < $5)
  AND ($6::text[] IS NULL OR c.status = ANY ($6))
  AND ($7::bigint IS NULL OR c.department_id = $7)
  AND ($8::bigint IS NULL OR c.assigned_staff_id = $8)
  AND (NOT $9::boolean OR c.assigned_staff_id IS NULL)
  AND ($10::text IS NULL OR c.category = $10)
  AND ($11::text IS NULL OR c.tags @> ARRAY[$11])
  AND ($12::text IS NULL OR c.channel = $12)
  AND ($13::integer IS NULL OR c.rating = $13)
ORDER BY m.conversation_id, m.seq LIMIT $3;

-- name: count_messages
SELECT count(*) FROM message m JOIN conversation c USING (conversation_id)
WHERE (m.conversation_id, m.seq) > ($1::bigint, $2::integer) AND $3::bigint > 0
  AND ($4::timestamptz IS NULL OR m.at >= $4) AND ($5::timestamptz IS NULL OR m.at < $5)
  AND ($6::text[] IS NULL OR c.status = ANY ($6))
  AND ($7::bigint IS NULL OR c.department_id = $7)
  AND ($8::bigint IS NULL OR c.assigned_staff_id = $8)
  AND (NOT $9::boolean OR c.assigned_staff_id IS NULL)
  AND ($10::text IS NULL OR c.category = $10)
  AND ($11::text IS NULL OR c.tags @> ARRAY[$11])
  AND ($12::text IS NULL OR c.channel = $12)
  AND ($13::integer IS NULL OR c.rating = $13);

-- name: export_tickets
SELECT c.ticket_no, 0, json_build_object(
    'ticket_id', c.ticket_id, 'created_at', search_stamp(c.created_at), 'updated_at', search_stamp(c.updated_at),
    'status', c.status, 'priority', c.priority, 'level', c.level, 'source', c.source, 'category', c.category,
    'department', (SELECT d.slug FROM department d WHERE d.department_id = c.department_id),
    'assigned_staff', (SELECT s.name FROM staff s WHERE s.staff_id = c.assigned_staff_id),
    'requester_name', c.requester_name, 'requester_email', c.requester_email, 'requester_phone', c.requester_phone,
    'tags', array_to_string(c.tags, ', '), 'subject', c.subject, 'description', c.description,
    'resolved_at', search_stamp(c.resolved_at))::text
FROM search_ticket c
WHERE c.ticket_no > $1::bigint AND $2::integer >= 0
  AND ($4::timestamptz IS NULL OR c.created_at >= $4) AND ($5::timestamptz IS NULL OR c.created_at < $5)
  AND ($6::text[] IS NULL OR c.status = ANY ($6))
  AND ($7::bigint IS NULL OR c.department_id = $7)
  AND ($8::bigint IS NULL OR c.assigned_staff_id = $8)
  AND (NOT $9::boolean OR c.assigned_staff_id IS NULL)
  AND ($10::text IS NULL OR c.category = $10)
  AND ($11::text IS NULL OR c.tags @> ARRAY[$11])
  AND $12::text IS NULL AND $13::integer IS NULL
ORDER BY c.ticket_no LIMIT $3;

-- name: count_tickets
SELECT count(*) FROM search_ticket c
WHERE c.ticket_no > $1::bigint AND $2::integer >= 0 AND $3::bigint > 0
  AND ($4::timestamptz IS NULL OR c.created_at >= $4) AND ($5::timestamptz IS NULL OR c.created_at < $5)
  AND ($6::text[] IS NULL OR c.status = ANY ($6))
  AND ($7::bigint IS NULL OR c.department_id = $7)
  AND ($8::bigint IS NULL OR c.assigned_staff_id = $8)
  AND (NOT $9::boolean OR c.assigned_staff_id IS NULL)
  AND ($10::text IS NULL OR c.category = $10)
  AND ($11::text IS NULL OR c.tags @> ARRAY[$11])
  AND $12::text IS NULL AND $13::integer IS NULL;

-- name: export_contacts
SELECT c.contact_id, 0, json_build_object(
    'contact_id', 'CUST-' || c.contact_id, 'created_at', search_stamp(c.created_at),
    'updated_at', search_stamp(c.updated_at), 'name', c.name, 'email', c.email, 'phone', c.phone,
    'language', c.language)::text
FROM contact c
WHERE c.contact_id > $1::bigint AND $2::integer >= 0
  AND ($4::timestamptz IS NULL OR c.created_at >= $4) AND ($5::timestamptz IS NULL OR c.created_at < $5)
  AND $6::text[] IS NULL AND $7::bigint IS NULL AND $8::bigint IS NULL AND NOT $9::boolean AND $10::text IS NULL
  AND $11::text IS NULL AND $12::text IS NULL AND $13::integer IS NULL
ORDER BY c.contact_id LIMIT $3;

-- name: count_contacts
SELECT count(*) FROM contact c
WHERE c.contact_id > $1::bigint AND $2::integer >= 0 AND $3::bigint > 0
  AND ($4::timestamptz IS NULL OR c.created_at >= $4) AND ($5::timestamptz IS NULL OR c.created_at < $5)
  AND $6::text[] IS NULL AND $7::bigint IS NULL AND $8::bigint IS NULL AND NOT $9::boolean AND $10::text IS NULL
  AND $11::text IS NULL AND $12::text IS NULL AND $13::integer IS NULL;

-- name: transcript_page
SELECT m.seq, m.at, m.role, m.sender, m.body FROM message m
WHERE m.conversation_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3;
