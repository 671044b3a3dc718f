-- Scorecards ---------------------------------------------------------------------------------------------------

-- name: list_scorecards
SELECT scorecard_id, name, criteria::text, active, created_at, updated_at FROM scorecard
WHERE scorecard_id > $1::bigint ORDER BY scorecard_id LIMIT $2::bigint;

-- name: find_scorecard
SELECT scorecard_id, name, criteria::text, active, created_at, updated_at FROM scorecard
WHERE scorecard_id = $1::bigint;

-- name: add_scorecard
INSERT INTO scorecard (name, criteria, created_at, updated_at) VALUES ($1, $2::jsonb, $3::timestamptz, $3)
RETURNING scorecard_id, name, criteria::text, active, created_at, updated_at;

-- name: change_scorecard
UPDATE scorecard SET name = $2, criteria = $3::jsonb, active = $4::boolean, updated_at = $5::timestamptz
WHERE scorecard_id = $1::bigint
RETURNING scorecard_id, name, criteria::text, active, created_at, updated_at;

-- Reviews: columns in the order of review_from ----------------------------------------------------------------

-- name: put_review
INSERT INTO review (conversation_id, scorecard_id, criteria, staff_id, reviewer_id, scores, total, comment, at)
VALUES ($1, $2, $3::jsonb, $4, $5, $6::jsonb, $7::double precision, $8, $9::timestamptz)
ON CONFLICT ON CONSTRAINT review_once DO UPDATE
    SET criteria = excluded.criteria, scores = excluded.scores, total = excluded.total, comment = excluded.comment,
        at = excluded.at
RETURNING review_id;

-- name: find_review
SELECT r.review_id, r.conversation_id, r.scorecard_id, k.name, r.staff_id, s.name, r.reviewer_id, v.name,
       r.criteria::text, r.scores::text, r.total::text, r.comment, r.at
FROM review r JOIN scorecard k USING (scorecard_id) JOIN staff s ON s.staff_id = r.staff_id
              JOIN staff v ON v.staff_id = r.reviewer_id
WHERE r.review_id = $1::bigint;

-- name: list_reviews
SELECT r.review_id, r.conversation_id, r.scorecard_id, k.name, r.staff_id, s.name, r.reviewer_id, v.name,
       r.criteria::text, r.scores::text, r.total::text, r.comment, r.at
FROM review r JOIN scorecard k USING (scorecard_id) JOIN staff s ON s.staff_id = r.staff_id
              JOIN staff v ON v.staff_id = r.reviewer_id
WHERE ($1::bigint IS NULL OR r.staff_id = $1)
  AND ($2::bigint IS NULL OR r.reviewer_id = $2)
  AND ($3::bigint IS NULL OR r.conversation_id = $3)
  AND ($4::timestamptz IS NULL OR r.at >= $4)
  AND ($5::timestamptz IS NULL OR r.at < $5)
  AND ($6::timestamptz IS NULL OR (r.at, r.review_id) < ($6, $7::bigint))
ORDER BY r.at DESC, r.review_id DESC
LIMIT $8::bigint;

-- name: summarise_reviews
SELECT r.staff_id, s.name, to_char(r.at AT TIME ZONE $2, 'YYYY-MM') AS month, avg(r.total)::text, count(*)
FROM review r JOIN staff s ON s.staff_id = r.staff_id
WHERE $1::bigint IS NULL OR r.staff_id = $1
GROUP BY 1, 2, 3
ORDER BY 1, 3;

-- name: list_calibrations
-- Work that at least two judged with the same card, newest first; $1 and $2: the last one shown.
WITH twice AS (
    SELECT conversation_id, scorecard_id, staff_id, max(review_id) AS newest
    FROM review GROUP BY 1, 2, 3 HAVING count(*) > 1
    ORDER BY newest DESC
), page AS (
    SELECT * FROM twice WHERE $1::bigint = 0 OR newest < $1 LIMIT $2::bigint
)
SELECT p.newest, r.conversation_id, r.scorecard_id, k.name, r.staff_id, s.name, r.reviewer_id, v.name,
       r.scores::text, r.total::text
FROM page p JOIN review r USING (conversation_id, scorecard_id, staff_id)
            JOIN scorecard k USING (scorecard_id) JOIN staff s ON s.staff_id = r.staff_id
            JOIN staff v ON v.staff_id = r.reviewer_id
ORDER BY p.newest DESC, r.review_id;

-- name: last_writer
-- Who of our staff wrote last in it, and so is judged when nobody has it any more.
SELECT staff_id FROM message WHERE conversation_id = $1::bigint AND staff_id IS NOT NULL ORDER BY seq DESC LIMIT 1;

-- Examples -----------------------------------------------------------------------------------------------------

-- name: conversation_lines
SELECT role, sender, body FROM message WHERE conversation_id = $1::bigint ORDER BY seq LIMIT 500;

-- name: staff_names
SELECT DISTINCT s.name FROM staff s
WHERE s.staff_id IN (SELECT staff_id FROM message WHERE conversation_id = $1::bigint AND staff_id IS NOT NULL
                     UNION SELECT assigned_staff_id FROM conversation WHERE conversation_id = $1
                     UNION SELECT staff_id FROM turn WHERE conversation_id = $1
                     UNION SELECT to_staff_id FROM turn WHERE conversation_id = $1);

-- name: put_example
INSERT INTO example (conversation_id, note, category, department, language, messages, made_by, at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::timestamptz)
ON CONFLICT ON CONSTRAINT example_once DO UPDATE
    SET note = excluded.note, category = excluded.category, department = excluded.department,
        language = excluded.language, messages = excluded.messages, made_by = excluded.made_by, at = excluded.at
RETURNING example_id;

-- name: list_examples
SELECT e.example_id, e.note, e.category, e.department, e.language, e.messages::text, e.made_by, s.name, e.at
FROM example e JOIN staff s ON s.staff_id = e.made_by
WHERE ($1::bigint = 0 OR e.example_id < $1)
  AND ($2::text IS NULL OR e.note ILIKE $2 OR e.messages::text ILIKE $2)
  AND ($3::text IS NULL OR e.category = $3)
  AND ($4::bigint = 0 OR e.example_id = $4)
ORDER BY e.example_id DESC
LIMIT $5::bigint;

-- name: delete_example
DELETE FROM example WHERE example_id = $1::bigint;

-- Supervision --------------------------------------------------------------------------------------------------

-- name: all_watches
SELECT conversation_id, staff_id FROM watch;

-- name: add_watch
INSERT INTO watch (conversation_id, staff_id, since) VALUES ($1, $2, $3::timestamptz)
ON CONFLICT (conversation_id, staff_id) DO NOTHING;

-- name: remove_watch
DELETE FROM watch WHERE conversation_id = $1::bigint AND staff_id = $2::bigint;

-- name: list_watches
SELECT w.staff_id, s.name, w.since FROM watch w JOIN staff s USING (staff_id)
WHERE w.conversation_id = $1::bigint ORDER BY w.since, w.staff_id;

-- name: put_barge
INSERT INTO barge (conversation_id, staff_id, held_by, since) VALUES ($1, $2, $3, $4::timestamptz)
ON CONFLICT (conversation_id, staff_id) DO UPDATE SET held_by = excluded.held_by, since = excluded.since;

-- name: remove_barge
DELETE FROM barge WHERE conversation_id = $1::bigint AND staff_id = $2::bigint;

-- name: list_barges
SELECT b.staff_id, s.name, b.since FROM barge b JOIN staff s USING (staff_id)
JOIN conversation c USING (conversation_id)
WHERE b.conversation_id = $1::bigint AND c.status = 'active' AND c.assigned_staff_id = b.held_by
  AND NOT EXISTS (SELECT 1 FROM turn t WHERE t.conversation_id = b.conversation_id AND t.at > b.since
                                         AND t.kind NOT IN ('hold', 'unhold'))
ORDER BY b.since, b.staff_id;

-- name: joined_with
-- Joining ends with the next change of turn, also when the conversation comes back to the same colleague later.
SELECT b.held_by FROM barge b
WHERE b.conversation_id = $1::bigint AND b.staff_id = $2::bigint
  AND NOT EXISTS (SELECT 1 FROM turn t WHERE t.conversation_id = b.conversation_id AND t.at > b.since
                                         AND t.kind NOT IN ('hold', 'unhold'));
