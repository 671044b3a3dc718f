-- name: cursor
SELECT at, id FROM learning_cursor WHERE name = $1::text FOR UPDATE;

-- name: move_cursor
INSERT INTO learning_cursor (name, at, id) VALUES ($1, $2::timestamptz, $3::bigint)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, id = excluded.id;

-- name: resolved_after
SELECT conversation_id, resolved_at, rating, language, coalesce(category, ''), user_name, user_id, user_email, user_phone
FROM conversation
WHERE resolved_at IS NOT NULL AND (resolved_at, conversation_id) > ($1::timestamptz, $2::bigint)
  AND resolved_at <= $3::timestamptz
ORDER BY resolved_at, conversation_id LIMIT $4::bigint;

-- name: lines
SELECT role, body FROM message WHERE conversation_id = $1::bigint ORDER BY seq LIMIT 200;

-- name: staff_names
SELECT DISTINCT s.name FROM message m JOIN staff s USING (staff_id) WHERE m.conversation_id = $1::bigint;

-- name: feedback_after
-- What customers and staff thought of the assistant's answers, with the question each answered.
SELECT f.at, f.conversation_id, q.seq, f.given_by, f.feedback, m.metadata, q.body,
       c.user_name, c.user_id, c.user_email, c.user_phone
FROM message_feedback f
JOIN message m ON m.conversation_id = f.conversation_id AND m.seq = f.seq AND m.role = 'ai'
JOIN conversation c ON c.conversation_id = f.conversation_id
CROSS JOIN LATERAL (SELECT u.seq, u.body FROM message u WHERE u.conversation_id = f.conversation_id AND u.seq < f.seq
                                                 AND u.role = 'user' ORDER BY u.seq DESC LIMIT 1) q
WHERE (f.at, f.conversation_id) > ($1::timestamptz, $2::bigint) AND f.at <= $3::timestamptz
ORDER BY f.at, f.conversation_id LIMIT $4::bigint;

-- name: quality_after
SELECT e.at, e.example_id, e.category, e.made_by,
       (SELECT l->>'message' FROM jsonb_array_elements(e.messages) l WHERE l->>'role' = 'user' LIMIT 1)
FROM example e
WHERE (e.at, e.example_id) > ($1::timestamptz, $2::bigint) AND e.at <= $3::timestamptz AND e.category <> ''
ORDER BY e.at, e.example_id LIMIT $4::bigint;

-- name: put_example
INSERT INTO training_example (task, label, good, body, source, key, staff_id, at)
VALUES ($1, $2, $3::boolean, $4, $5, $6, $7::bigint, $8::timestamptz)
ON CONFLICT ON CONSTRAINT training_example_once DO UPDATE
    SET label = excluded.label, good = excluded.good, body = excluded.body, at = excluded.at
RETURNING example_id;

-- name: list_examples
SELECT example_id, task, label, good, body, source, at FROM training_example
WHERE ($1::bigint = 0 OR example_id < $1) AND ($2::text IS NULL OR task = $2)
ORDER BY example_id DESC LIMIT $3::bigint;

-- name: delete_example
DELETE FROM training_example WHERE example_id = $1::bigint;

-- name: examples_of
SELECT label, body FROM training_example WHERE task = $1::text AND good ORDER BY example_id LIMIT 100000;

-- name: count_examples
SELECT task, count(*) FROM training_example GROUP BY task ORDER BY task;

-- name: open_candidates
SELECT candidate_id, question FROM faq_candidate WHERE language = $1::text AND status <> 'rejected'
ORDER BY candidate_id DESC LIMIT 500;

-- name: add_candidate
INSERT INTO faq_candidate (question, answer, language, category, rating, conversation_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5::double precision, $6, $7::timestamptz, $7::timestamptz);

-- name: ask_again
UPDATE faq_candidate
SET asked = asked + 1, updated_at = $2::timestamptz, rating = greatest(rating, $3::double precision),
    answer = CASE WHEN status = 'open' AND $3::double precision > coalesce(rating, 0) THEN $4::text ELSE answer END,
    conversation_id = CASE WHEN status = 'open' AND $3::double precision > coalesce(rating, 0) THEN $5::bigint
                           ELSE conversation_id END
WHERE candidate_id = $1::bigint;

-- name: list_candidates
SELECT candidate_id, question, answer, language, category, asked, rating, status, conversation_id, article_id,
       created_at, updated_at
FROM faq_candidate
WHERE status = $1::text AND ($2::bigint = 0 OR (asked, candidate_id) < ($3::bigint, $2::bigint))
ORDER BY asked DESC, candidate_id DESC LIMIT $4::bigint;

-- name: lock_candidate
SELECT candidate_id, question, answer, language, category, asked, rating, status, conversation_id, article_id,
       created_at, updated_at
FROM faq_candidate WHERE candidate_id = $1::bigint FOR UPDATE;

-- name: decide_candidate
UPDATE faq_candidate
SET status = $2::text, article_id = $3::bigint, decided_by = $4::bigint, decided_at = $5::timestamptz,
    question = $6::text, answer = $7::text, updated_at = $5::timestamptz
WHERE candidate_id = $1::bigint;

-- name: put_run
INSERT INTO evaluation_run (at, source, threshold, questions, answered, judged, correct, outcomes)
VALUES ($1::timestamptz, $2, $3, $4, $5, $6, $7, $8::jsonb);

-- name: last_run
SELECT threshold, questions, answered, judged, correct, outcomes::text FROM evaluation_run
WHERE source = $1::text ORDER BY run_id DESC LIMIT 1;

-- name: list_runs
SELECT run_id, at, source, threshold, questions, answered, judged, correct FROM evaluation_run
ORDER BY run_id DESC LIMIT $1::bigint;

-- name: past_questions
-- What customers asked lately, and which articles were found right or wrong for it.
SELECT m.body, coalesce(c.language, ''),
       (SELECT string_agg(DISTINCT t.label, ' ') FROM training_example t
        WHERE t.task = 'answer' AND t.good AND t.key LIKE 'CONV-' || m.conversation_id || '/' || m.seq || '/%'),
       (SELECT string_agg(DISTINCT t.label, ' ') FROM training_example t
        WHERE t.task = 'answer' AND NOT t.good AND t.key LIKE 'CONV-' || m.conversation_id || '/' || m.seq || '/%')
FROM message m JOIN conversation c USING (conversation_id)
WHERE m.role = 'user' AND length(m.body) BETWEEN 8 AND 400
ORDER BY m.received_at DESC LIMIT $1::bigint;

-- name: answer_votes
-- The key says where a vote came from: CONV-12/3/ART-4/customer, or .../STF-5.
-- Who gave an address is the same customer in every conversation, though each began as somebody unknown.
SELECT t.label, c.conversation_id,
       coalesce(nullif(lower(c.user_email), ''), nullif(c.user_phone, ''), 'contact ' || c.contact_id),
       split_part(t.key, '/', 4), t.good, t.body
FROM training_example t
JOIN conversation c ON c.conversation_id = substring(t.key FROM '^CONV-([0-9]{1,18})/')::bigint
WHERE t.task = 'answer' ORDER BY t.at DESC, t.example_id DESC LIMIT $1::bigint;

-- name: question_before
SELECT seq, body FROM message WHERE conversation_id = $1::bigint AND role = 'user' ORDER BY seq DESC LIMIT 1;
