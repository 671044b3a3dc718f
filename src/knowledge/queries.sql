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
