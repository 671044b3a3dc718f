-- Articles: columns in the order of knowledge::article ----------------------------------------------------------

-- name: read_documents
SELECT article_id, slug, language, coalesce(scenario, ''), category, title, body, array_to_json(questions)::text,
       status = 'draft'
FROM article WHERE status <> 'archived' ORDER BY article_id;

-- name: has_articles
SELECT EXISTS (SELECT FROM article);

-- name: find_article
SELECT a.article_id, a.slug, a.language, a.title, a.body, array_to_json(a.questions)::text, a.category, a.scenario,
       a.status, a.version, a.created_by, a.updated_by, coalesce(s.name, ''), a.created_at, a.updated_at, a.published_at
FROM article a LEFT JOIN staff s ON s.staff_id = a.updated_by
WHERE a.article_id = $1::bigint;

-- name: find_article_by_slug
SELECT article_id FROM article WHERE slug = $1 AND language = $2;

-- name: lock_article
SELECT article_id FROM article WHERE article_id = $1::bigint FOR UPDATE;

-- name: add_article
WITH made AS (
    INSERT INTO article (slug, language, title, body, questions, category, scenario, status, created_by, updated_by,
                         created_at, updated_at, published_at)
    VALUES ($1, $2, $3, $4, $5::text[], $6, $7, $8, $9, $9, $10::timestamptz, $10,
            CASE WHEN $8 = 'published' THEN $10::timestamptz END)
    ON CONFLICT ON CONSTRAINT article_slug_key DO NOTHING
    RETURNING article_id, title, body, questions, category, scenario, status, created_by, created_at
), kept AS (
    INSERT INTO article_version (article_id, version, title, body, questions, category, scenario, status, staff_id, at)
    SELECT article_id, 1, title, body, questions, category, scenario, status, created_by, created_at FROM made
)
SELECT article_id FROM made;

-- name: store_version
WITH changed AS (
    UPDATE article SET title = $2, body = $3, questions = $4::text[], category = $5, scenario = $6, status = $7,
                       version = version + 1, updated_by = $8::bigint, updated_at = $9::timestamptz,
                       published_at = coalesce(published_at, CASE WHEN $7 = 'published' THEN $9::timestamptz END)
    WHERE article_id = $1::bigint
    RETURNING article_id, version, title, body, questions, category, scenario, status, updated_by, updated_at
)
INSERT INTO article_version (article_id, version, title, body, questions, category, scenario, status, staff_id, at)
SELECT article_id, version, title, body, questions, category, scenario, status, updated_by, updated_at FROM changed;

-- Lists ----------------------------------------------------------------------------------------------------------

-- name: list_articles
-- $1, $2: after slug and language; then filters, NULL for none; $8: only with open flags; $9: since this day.
SELECT a.article_id, a.slug, a.language, a.title, a.category, a.scenario, a.status, a.version, a.updated_at,
       coalesce(s.name, ''), (SELECT count(*) FROM article_flag f WHERE f.article_id = a.article_id AND f.resolved_at IS NULL),
       n.shown, n.answered, n.inserted, n.helpful, n.unhelpful, n.handovers
FROM article a
LEFT JOIN staff s ON s.staff_id = a.updated_by
CROSS JOIN LATERAL (
    SELECT coalesce(sum(d.shown), 0)::bigint AS shown, coalesce(sum(d.answered), 0)::bigint AS answered,
           coalesce(sum(d.inserted), 0)::bigint AS inserted, coalesce(sum(d.helpful), 0)::bigint AS helpful,
           coalesce(sum(d.unhelpful), 0)::bigint AS unhelpful, coalesce(sum(d.handovers), 0)::bigint AS handovers
    FROM article_day d WHERE d.article_id = a.article_id AND d.day >= $9::date) n
WHERE (a.slug, a.language) > ($1, $2)
  AND ($3::text IS NULL OR a.title ILIKE $3 OR a.body ILIKE $3 OR a.slug ILIKE $3)
  AND ($4::text IS NULL OR a.language = $4)
  AND ($5::text IS NULL OR coalesce(a.scenario, '') = $5)
  AND ($6::text IS NULL OR a.category = $6)
  AND ($7::text IS NULL OR a.status = $7)
  AND (NOT $8::boolean OR EXISTS (SELECT FROM article_flag f WHERE f.article_id = a.article_id AND f.resolved_at IS NULL))
ORDER BY a.slug, a.language LIMIT $10;

-- name: translations
SELECT article_id, language, title, status FROM article WHERE slug = $1 ORDER BY language;

-- name: list_versions
SELECT v.version, v.title, v.body, array_to_json(v.questions)::text, v.category, v.scenario, v.status, v.at,
       coalesce(s.name, '')
FROM article_version v LEFT JOIN staff s USING (staff_id)
WHERE v.article_id = $1::bigint AND v.version < $2::bigint ORDER BY v.version DESC LIMIT $3;

-- name: find_version
SELECT title, body, array_to_json(questions)::text, category, scenario FROM article_version
WHERE article_id = $1::bigint AND version = $2::bigint;

-- name: categories
SELECT DISTINCT category FROM article WHERE category <> '' AND status <> 'archived' ORDER BY 1 LIMIT 200;

-- name: scenarios
SELECT DISTINCT scenario FROM article WHERE scenario IS NOT NULL AND status <> 'archived' ORDER BY 1 LIMIT 200;

-- name: published_titles
-- Of a language and, when one is given, a scenario, for the help centre.
SELECT slug, title, category, coalesce(scenario, '') FROM article
WHERE language = $1 AND status = 'published' AND ($2::text IS NULL OR scenario IS NULL OR scenario = $2)
ORDER BY scenario NULLS FIRST, category, title LIMIT $3;

-- Flags ----------------------------------------------------------------------------------------------------------

-- name: add_flag
INSERT INTO article_flag (article_id, kind, comment, conversation_id, created_by, created_at)
VALUES ($1::bigint, $2, $3, $4::bigint, $5, $6::timestamptz) RETURNING flag_id;

-- name: list_flags
-- $1: after this one; $2: resolved ones, or those that are open; $3: of an article, $4: one of them; NULL: all.
SELECT f.flag_id, f.article_id, a.title, a.language, f.kind, f.comment, f.conversation_id, s.name, f.created_at,
       coalesce(r.name, ''), f.resolved_at, f.resolution
FROM article_flag f
LEFT JOIN article a USING (article_id)
JOIN staff s ON s.staff_id = f.created_by
LEFT JOIN staff r ON r.staff_id = f.resolved_by
WHERE f.flag_id > $1::bigint
  AND ($2::boolean IS NULL OR (f.resolved_at IS NOT NULL) = $2)
  AND ($3::bigint IS NULL OR f.article_id = $3)
  AND ($4::bigint IS NULL OR f.flag_id = $4)
ORDER BY f.flag_id LIMIT $5;

-- name: resolve_flag
UPDATE article_flag SET resolved_by = $2, resolved_at = $3::timestamptz, resolution = $4
WHERE flag_id = $1::bigint AND resolved_at IS NULL;

-- What feedback taught --------------------------------------------------------------------------------------------

-- name: known_articles
SELECT article_id FROM article WHERE article_id = ANY ($1::bigint[]);

-- name: read_weights
SELECT article_id, term, weight, helpful, unhelpful, of_staff FROM article_weight ORDER BY article_id, term;

-- name: weights_of_article
-- The article as a whole first, then the words that matter most.
SELECT term, weight, helpful, unhelpful, of_staff, at FROM article_weight
WHERE article_id = $1::bigint ORDER BY term <> '', abs(weight) DESC, term LIMIT 11;

-- name: forget_weights
DELETE FROM article_weight;

-- name: add_weights
INSERT INTO article_weight (article_id, term, weight, helpful, unhelpful, of_staff, at)
SELECT w.*, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb)
    AS w (article_id bigint, term text, weight double precision, helpful integer, unhelpful integer, of_staff integer);

-- Vectors --------------------------------------------------------------------------------------------------------

-- name: read_vectors
SELECT article_id, hash, dimension, encode(vector, 'hex') FROM article_vector WHERE model = $1::text
ORDER BY at DESC, article_id, hash LIMIT $2::bigint;

-- name: store_vector
INSERT INTO article_vector (article_id, model, hash, dimension, vector, at)
SELECT article_id, $2, $3::bigint, $4::integer, decode($5, 'hex'), $6::timestamptz FROM article
WHERE article_id = $1::bigint
ON CONFLICT (article_id, model, hash) DO UPDATE
    SET dimension = excluded.dimension, vector = excluded.vector, at = excluded.at;

-- name: forget_vectors
DELETE FROM article_vector v
WHERE model <> $1::text
   OR NOT EXISTS (SELECT FROM unnest($2::bigint[], $3::bigint[]) AS w (article_id, hash)
                  WHERE w.article_id = v.article_id AND w.hash = v.hash);

-- Numbers --------------------------------------------------------------------------------------------------------

-- name: count_day
-- Added to the day; articles that are gone are left out.
INSERT INTO article_day AS d (article_id, day, shown, answered, inserted, helpful, unhelpful, handovers)
SELECT g.article_id, ($2::timestamptz AT TIME ZONE $3)::date, g.shown, $5, $6, $7, $8, $9
FROM unnest($1::bigint[], $4::bigint[]) AS g (article_id, shown) JOIN article a USING (article_id)
ORDER BY g.article_id
ON CONFLICT (article_id, day) DO UPDATE
    SET shown = d.shown + excluded.shown, answered = d.answered + excluded.answered,
        inserted = d.inserted + excluded.inserted, helpful = d.helpful + excluded.helpful,
        unhelpful = d.unhelpful + excluded.unhelpful, handovers = d.handovers + excluded.handovers;

-- name: note_answer
-- Returns the articles that had not answered in this conversation before.
INSERT INTO article_answer (conversation_id, article_id, at)
SELECT $1::bigint, a.article_id, $3::timestamptz FROM article a WHERE a.article_id = ANY ($2::bigint[])
ON CONFLICT DO NOTHING RETURNING article_id;

-- name: note_handover
-- The articles that answered in these conversations, each conversation counted once.
UPDATE article_answer SET handed_over = true WHERE conversation_id = ANY ($1::bigint[]) AND NOT handed_over
RETURNING article_id;

-- name: article_days
SELECT day::text, shown, answered, inserted, helpful, unhelpful, handovers FROM article_day
WHERE article_id = $1::bigint AND day >= $2::date ORDER BY day;
