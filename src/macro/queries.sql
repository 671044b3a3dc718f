-- Canned replies: columns in the order of macro::template_row --------------------------------------------------

-- name: list_templates
SELECT t.template_id, t.name, t.shortcut, t.body_en, t.body_ar, coalesce(t.department_id, 0), coalesce(d.slug, ''),
       array_to_json(t.tags)::text, t.uses, t.created_at, t.updated_at
FROM template t LEFT JOIN department d USING (department_id)
WHERE t.template_id > $1::bigint
  AND ($2::text IS NULL OR d.slug = $2)
  AND ($3::text IS NULL OR $3 = ANY (t.tags))
  AND ($4::text IS NULL OR t.name ILIKE $4 OR t.shortcut ILIKE $4 OR t.body_en ILIKE $4 OR t.body_ar ILIKE $4)
ORDER BY t.template_id
LIMIT $5::bigint;

-- name: find_template
SELECT t.template_id, t.name, t.shortcut, t.body_en, t.body_ar, coalesce(t.department_id, 0), coalesce(d.slug, ''),
       array_to_json(t.tags)::text, t.uses, t.created_at, t.updated_at
FROM template t LEFT JOIN department d USING (department_id)
WHERE t.template_id = $1::bigint;

-- name: find_template_by_shortcut
SELECT template_id FROM template WHERE shortcut <> '' AND lower(shortcut) = lower($1);

-- name: add_template
INSERT INTO template (name, shortcut, body_en, body_ar, department_id, tags, created_by, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6::text[], $7, $8::timestamptz, $8)
RETURNING template_id;

-- name: change_template
UPDATE template SET name = $2, shortcut = $3, body_en = $4, body_ar = $5, department_id = $6, tags = $7::text[],
                    updated_at = $8::timestamptz
WHERE template_id = $1::bigint;

-- name: delete_template
DELETE FROM template WHERE template_id = $1::bigint;

-- name: count_template_use
UPDATE template SET uses = uses + 1 WHERE template_id = $1::bigint;

-- name: last_customer_words
SELECT body FROM message WHERE conversation_id = $1::bigint AND role = 'user' ORDER BY seq DESC LIMIT 1;

-- Macros -------------------------------------------------------------------------------------------------------

-- name: list_macros
SELECT macro_id, name, steps::text, created_at, updated_at FROM macro
WHERE macro_id > $1::bigint ORDER BY macro_id LIMIT $2::bigint;

-- name: find_macro
SELECT macro_id, name, steps::text, created_at, updated_at FROM macro WHERE macro_id = $1::bigint;

-- name: add_macro
INSERT INTO macro (name, steps, created_by, created_at, updated_at)
VALUES ($1, $2::jsonb, $3, $4::timestamptz, $4)
RETURNING macro_id, name, steps::text, created_at, updated_at;

-- name: change_macro
UPDATE macro SET name = $2, steps = $3::jsonb, updated_at = $4::timestamptz WHERE macro_id = $1::bigint
RETURNING macro_id, name, steps::text, created_at, updated_at;

-- name: delete_macro
DELETE FROM macro WHERE macro_id = $1::bigint;

-- name: add_run
INSERT INTO macro_run (macro_id, macro_name, conversation_id, staff_id, done, at)
VALUES ($1, $2, $3, $4, $5::jsonb, $6::timestamptz)
RETURNING macro_run_id;

-- name: keep_run
UPDATE macro_run SET done = $2::jsonb, failed = $3 WHERE macro_run_id = $1::bigint;

-- name: lock_run
SELECT macro_run_id, macro_name, conversation_id, staff_id, done::text, undone_at FROM macro_run
WHERE macro_run_id = $1::bigint FOR UPDATE;

-- name: mark_undone
UPDATE macro_run SET undone_at = $2::timestamptz, undone_by = $3 WHERE macro_run_id = $1::bigint;
