-- name: find
SELECT staff_id, name, role, active, capacity FROM staff WHERE staff_id = $1::bigint;

-- name: find_department_by_slug
SELECT department_id, slug, name_en, name_ar, is_default FROM department WHERE slug = $1;

-- name: find_department
SELECT department_id, slug, name_en, name_ar, is_default FROM department WHERE department_id = $1::bigint;

-- name: list_departments
SELECT department_id, slug, name_en, name_ar, is_default FROM department
WHERE department_id > $1::bigint
ORDER BY department_id
LIMIT $2::bigint;

-- name: add_department
INSERT INTO department (slug, name_en, name_ar, created_at, time_zone)
VALUES ($1, $2, $3, $4::timestamptz, coalesce((SELECT time_zone FROM company_hours), 'UTC'))
RETURNING department_id, slug, name_en, name_ar, is_default;

-- name: change_department
UPDATE department SET name_en = COALESCE($2, name_en), name_ar = COALESCE($3, name_ar)
WHERE slug = $1
RETURNING department_id, slug, name_en, name_ar, is_default;

-- name: list_colleagues
SELECT s.staff_id, s.name, s.availability,
    (SELECT count(*) FROM conversation c WHERE c.assigned_staff_id = s.staff_id AND c.status = 'active')
FROM staff s
WHERE s.active
ORDER BY s.staff_id;

-- name: list_profiles
SELECT s.staff_id, s.name, s.email, s.role,
    COALESCE((SELECT json_agg(d.slug ORDER BY d.department_id)
              FROM staff_department sd JOIN department d USING (department_id)
              WHERE sd.staff_id = s.staff_id), '[]')::text,
    array_to_json(s.languages)::text, s.capacity, s.active, s.availability, s.ui_language,
    (SELECT count(*) FROM conversation c WHERE c.assigned_staff_id = s.staff_id AND c.status = 'active')
FROM staff s
WHERE s.staff_id > $1::bigint
  AND ($2::text IS NULL OR s.role = $2)
  AND ($3::boolean IS NULL OR s.active = $3)
  AND ($4::text IS NULL OR EXISTS
        (SELECT 1 FROM staff_department sd JOIN department d USING (department_id)
         WHERE sd.staff_id = s.staff_id AND d.slug = $4))
ORDER BY s.staff_id
LIMIT $5::bigint;

-- name: find_profile
SELECT s.staff_id, s.name, s.email, s.role,
    COALESCE((SELECT json_agg(d.slug ORDER BY d.department_id)
              FROM staff_department sd JOIN department d USING (department_id)
              WHERE sd.staff_id = s.staff_id), '[]')::text,
    array_to_json(s.languages)::text, s.capacity, s.active, s.availability, s.ui_language,
    (SELECT count(*) FROM conversation c WHERE c.assigned_staff_id = s.staff_id AND c.status = 'active')
FROM staff s
WHERE s.staff_id = $1::bigint;

-- name: lock_active_admins
SELECT staff_id FROM staff WHERE role = 'admin' AND active ORDER BY staff_id FOR NO KEY UPDATE;

-- name: lock
SELECT staff_id FROM staff WHERE staff_id = $1::bigint FOR NO KEY UPDATE;

-- name: add
INSERT INTO staff (name, email, password_hash, role, languages, capacity, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5::text[], $6::integer, $7::timestamptz, $7::timestamptz)
RETURNING staff_id;

-- name: change
UPDATE staff SET name = $2, role = $3, languages = $4::text[], capacity = $5::integer, active = $6::boolean,
    availability = $7, ui_language = $8, password_hash = COALESCE($9, password_hash),
    role_version = role_version + CASE WHEN $10::boolean THEN 1 ELSE 0 END, updated_at = $11::timestamptz
WHERE staff_id = $1::bigint;

-- name: clear_departments
DELETE FROM staff_department WHERE staff_id = $1::bigint;

-- name: add_departments
INSERT INTO staff_department (staff_id, department_id)
SELECT $1::bigint, department_id FROM department WHERE slug = ANY ($2::text[]);
