-- name: find
SELECT * FROM ticket_view WHERE ticket_no = $1::bigint;

-- name: lock_by_id
SELECT ticket_no FROM ticket WHERE ticket_id = $1 FOR NO KEY UPDATE;

-- name: lock
SELECT ticket_no FROM ticket WHERE ticket_no = $1::bigint FOR NO KEY UPDATE;

-- name: lock_if_free
-- No row: somebody is at it. A job, which holds its own row, must not wait for a ticket whose holder may want that row.
SELECT ticket_no FROM ticket WHERE ticket_no = $1::bigint FOR NO KEY UPDATE SKIP LOCKED;

-- name: find_by_id
SELECT * FROM ticket_view WHERE ticket_id = $1;

-- name: list
-- Sight: $1 everything, $2 staff, $3 departments, $4 engineer; the pure twin is realtime::may_see_ticket.
SELECT * FROM ticket_view t
WHERE ($1::boolean OR t.assigned_staff_id = $2::bigint OR ($4::boolean AND t.level = 'L2')
       OR (NOT $4 AND $2 > 0 AND t.assigned_staff_id IS NULL AND t.level <> 'manager'
           AND t.status NOT IN ('resolved', 'closed')
           AND (t.department_id IS NULL OR t.department_id = ANY ($3::bigint[]))))
  AND ($5::text[] IS NULL OR t.status = ANY ($5))
  AND ($6::text IS NULL OR t.priority = $6)
  AND ($7::text IS NULL OR t.level = $7)
  AND ($8::text IS NULL OR t.department_slug = $8)
  AND ($9::text IS NULL OR t.category = $9)
  AND ($10::text IS NULL OR t.source = $10)
  AND ($11::bigint IS NULL OR t.assigned_staff_id = $11)
  AND (NOT $12::boolean OR t.assigned_staff_id IS NULL)
  AND ($13::bigint IS NULL OR t.contact_id = $13)
  AND ($14::bigint IS NULL OR t.conversation_id = $14)
  AND ($15::text IS NULL OR EXISTS (SELECT 1 FROM ticket g WHERE g.ticket_no = t.ticket_no AND $15 = ANY (g.tags)))
  AND ($16::text IS NULL OR t.ticket_id = upper($16) OR t.subject ILIKE $17 OR t.description ILIKE $17
       OR t.requester_name ILIKE $17 OR t.requester_email ILIKE $17 OR t.requester_phone ILIKE $17)
  AND ($18::bigint IS NULL OR EXISTS (SELECT 1 FROM ticket_follower f WHERE f.ticket_no = t.ticket_no AND f.staff_id = $18))
  AND ($19::timestamptz IS NULL OR (t.updated_at, t.ticket_no) < ($19, $20::bigint))
ORDER BY t.updated_at DESC, t.ticket_no DESC
LIMIT $21::bigint;

-- name: insert
-- No row: the id is taken; try another.
INSERT INTO ticket (ticket_id, subject, description, status, priority, level, category, department_id,
                    assigned_staff_id, contact_id, requester_name, requester_email, requester_phone, conversation_id,
                    from_seq, source, tags, created_at, updated_at, active_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bigint, $9::bigint, $10::bigint, $11, $12, $13, $14::bigint, $15::integer, $16,
        $17::text[], $18::timestamptz, $18, $18)
ON CONFLICT (ticket_id) DO NOTHING
RETURNING ticket_no;

-- name: update
UPDATE ticket SET subject = $2, description = $3, status = $4, priority = $5, level = $6, category = $7,
    department_id = $8::bigint, assigned_staff_id = $9::bigint, requester_name = $10, requester_email = $11,
    requester_phone = $12, tags = $13::text[],
    merged_into = (SELECT m.ticket_no FROM ticket m WHERE m.ticket_id = $14), version = $15::integer,
    updated_at = $16::timestamptz, active_at = $17::timestamptz, first_response_at = $18::timestamptz,
    resolved_at = $19::timestamptz, closed_at = $20::timestamptz, source = $21
WHERE ticket_no = $1::bigint;

-- name: add_history
INSERT INTO ticket_history (ticket_no, at, actor, staff_id, field, before, after)
VALUES ($1::bigint, $2::timestamptz, $3, $4::bigint, $5, $6, $7);

-- name: history
SELECT at, actor, staff_id, field, before, after FROM ticket_history WHERE ticket_no = $1::bigint
ORDER BY history_id;

-- name: pause
INSERT INTO ticket_pause (ticket_no, from_at, reason) VALUES ($1::bigint, $2::timestamptz, $3)
ON CONFLICT (ticket_no, from_at) DO UPDATE SET until_at = NULL, reason = excluded.reason;

-- name: unpause
UPDATE ticket_pause SET until_at = greatest($2::timestamptz, from_at)
WHERE ticket_no = $1::bigint AND until_at IS NULL;

-- name: pauses
SELECT from_at, until_at FROM ticket_pause WHERE ticket_no = $1::bigint ORDER BY from_at;

-- name: lock_conversation_key
-- One after the other: who looks for a conversation's open ticket before making one.
SELECT pg_advisory_xact_lock(7406001, hashtext($1));

-- name: open_of_conversation
SELECT ticket_no FROM ticket WHERE conversation_id = $1::bigint AND status NOT IN ('resolved', 'closed') FOR NO KEY UPDATE;

-- name: latest_of_conversation
SELECT ticket_no FROM ticket WHERE conversation_id = $1::bigint ORDER BY ticket_no DESC LIMIT 1 FOR NO KEY UPDATE;

-- name: conversation
SELECT c.contact_id, c.user_name, c.user_email, c.user_phone, c.priority, c.department_id, c.category,
       c.assigned_staff_id, c.last_seq, c.language, c.status, s.name, s.role, c.user_id
FROM conversation c LEFT JOIN staff s ON s.staff_id = c.assigned_staff_id
WHERE c.conversation_id = $1::bigint;

-- name: last_words
-- Newest first.
SELECT body, seq FROM message WHERE conversation_id = $1::bigint AND role = 'user' ORDER BY seq DESC LIMIT 8;

-- name: said_more
-- Has the customer written since the words that a ticket began with?
SELECT EXISTS (SELECT 1 FROM message WHERE conversation_id = $1::bigint AND role = 'user' AND seq > $2::integer + 1
                 AND received_at <= $3::timestamptz);

-- name: add_reply
INSERT INTO ticket_reply (ticket_no, author, staff_id, name, body, client_message_id, at)
VALUES ($1::bigint, 'staff', $2::bigint, $3, $4, $5, $6::timestamptz)
ON CONFLICT (ticket_no, staff_id, client_message_id) WHERE client_message_id IS NOT NULL DO NOTHING
RETURNING reply_id;

-- name: replies
-- The ticket's own, and what was said in its conversation from its beginning on; the newest of them.
SELECT id, author, staff_id, name, body, at FROM (
    SELECT 'RPL-' || reply_id AS id, author, staff_id, name, body, at FROM ticket_reply WHERE ticket_no = $1::bigint
    UNION ALL
    SELECT m.message_id, CASE m.role WHEN 'user' THEN 'customer' ELSE 'staff' END, m.staff_id, m.sender, m.body, m.at
    FROM message m
    WHERE m.conversation_id = $2::bigint AND m.seq > $3::integer AND m.role IN ('user', 'staff')
      AND ($4::timestamptz IS NULL OR m.received_at <= $4)
    ORDER BY at DESC LIMIT 200
) newest ORDER BY at;

-- name: add_note
INSERT INTO ticket_note (ticket_no, staff_id, body, at) VALUES ($1::bigint, $2::bigint, $3, $4::timestamptz)
RETURNING note_id;

-- name: notes
SELECT n.note_id, n.body, n.at, n.staff_id, s.name FROM ticket_note n JOIN staff s USING (staff_id)
WHERE n.ticket_no = $1::bigint ORDER BY n.note_id;

-- name: add_link
INSERT INTO ticket_link (ticket_no, other_no, kind) VALUES ($1::bigint, $2::bigint, $3)
ON CONFLICT (ticket_no, other_no) DO UPDATE SET kind = excluded.kind;

-- name: links
SELECT o.ticket_id, l.kind FROM ticket_link l JOIN ticket o ON o.ticket_no = l.other_no
WHERE l.ticket_no = $1::bigint ORDER BY o.ticket_no;

-- name: follow
INSERT INTO ticket_follower (ticket_no, staff_id) VALUES ($1::bigint, $2::bigint) ON CONFLICT DO NOTHING;

-- name: unfollow
DELETE FROM ticket_follower WHERE ticket_no = $1::bigint AND staff_id = $2::bigint;

-- name: followers
SELECT staff_id FROM ticket_follower WHERE ticket_no = $1::bigint;

-- name: engineers
SELECT staff_id FROM staff WHERE role = 'engineer' AND active ORDER BY staff_id;

-- name: merged_moves
-- What belonged to the merged ticket belongs to the other.
WITH replies AS (
    UPDATE ticket_reply SET ticket_no = $2::bigint, client_message_id = NULL WHERE ticket_no = $1::bigint
), notes AS (
    UPDATE ticket_note SET ticket_no = $2 WHERE ticket_no = $1
)
INSERT INTO ticket_follower (ticket_no, staff_id)
SELECT $2, staff_id FROM ticket_follower WHERE ticket_no = $1 ON CONFLICT DO NOTHING;

-- name: answered_by_customer
-- Tickets that wait for a customer who has written since, and when that was.
SELECT t.ticket_no, min(m.received_at)
FROM ticket t
JOIN ticket_pause p ON p.ticket_no = t.ticket_no AND p.until_at IS NULL
JOIN conversation c ON c.conversation_id = t.conversation_id AND c.last_at > p.from_at
JOIN message m ON m.conversation_id = t.conversation_id AND m.role = 'user' AND m.seq > t.from_seq
               AND m.received_at > p.from_at
WHERE t.status = 'waiting_customer'
GROUP BY t.ticket_no;

-- name: waits_for_customers
SELECT EXISTS (SELECT 1 FROM ticket WHERE status = 'waiting_customer' AND conversation_id IS NOT NULL);

-- name: add_access
INSERT INTO ticket_access (token_hash, ticket_no, created_at) VALUES ($1, $2::bigint, $3::timestamptz);

-- name: ticket_of_access
SELECT a.ticket_no FROM ticket_access a JOIN ticket t USING (ticket_no)
WHERE a.token_hash = $1 AND (t.closed_at IS NULL OR t.closed_at > $2::timestamptz);

-- name: opened_lately
SELECT count(*) FROM ticket WHERE contact_id = $1::bigint AND source = 'portal' AND created_at > $2::timestamptz;

-- name: set_language
UPDATE ticket t SET language = coalesce(
    nullif($2, ''),
    nullif((SELECT c.language FROM conversation c WHERE c.conversation_id = t.conversation_id), ''),
    nullif((SELECT k.language FROM contact k WHERE k.contact_id = t.contact_id), ''),
    $3)
WHERE t.ticket_no = $1::bigint;

-- name: language_of
SELECT language FROM ticket WHERE ticket_no = $1::bigint;

-- name: add_customer_reply
INSERT INTO ticket_reply (ticket_no, author, name, body, client_message_id, at)
VALUES ($1::bigint, 'customer', $2, $3, $4, $5::timestamptz)
ON CONFLICT (ticket_no, client_message_id) WHERE author = 'customer' AND client_message_id IS NOT NULL DO NOTHING
RETURNING reply_id;

-- name: customer_reply
SELECT reply_id, body, at FROM ticket_reply
WHERE ticket_no = $1::bigint AND author = 'customer' AND client_message_id = $2;

-- name: customer_words_since
SELECT (SELECT count(*) FROM ticket_reply WHERE ticket_no = $1::bigint AND author = 'customer' AND at > $4::timestamptz)
     + (SELECT count(*) FROM message WHERE conversation_id = $2::bigint AND seq > $3::integer AND role = 'user'
        AND received_at > $4);
