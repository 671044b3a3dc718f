-- name: policies
SELECT p.sla_policy_id, p.name, p.department_id, p.category, p.priority, p.first_response_minutes, p.resolution_minutes,
       p.reminder_minutes, p.business_hours, p.active, d.slug, d.name_en, d.name_ar
FROM sla_policy p LEFT JOIN department d USING (department_id)
WHERE p.sla_policy_id > $1::bigint ORDER BY p.sla_policy_id LIMIT $2::bigint;

-- name: policy
SELECT p.sla_policy_id, p.name, p.department_id, p.category, p.priority, p.first_response_minutes, p.resolution_minutes,
       p.reminder_minutes, p.business_hours, p.active, d.slug, d.name_en, d.name_ar
FROM sla_policy p LEFT JOIN department d USING (department_id)
WHERE p.sla_policy_id = $1::bigint FOR UPDATE OF p;

-- name: add_policy
INSERT INTO sla_policy (name, department_id, category, priority, first_response_minutes, resolution_minutes,
                        reminder_minutes, business_hours, active, created_at, updated_at)
VALUES ($1, $2::bigint, $3, $4, $5::integer, $6::integer, $7::integer, $8::boolean, $9::boolean, $10::timestamptz, $10)
RETURNING sla_policy_id;

-- name: change_policy
UPDATE sla_policy SET name = $2, department_id = $3::bigint, category = $4, priority = $5,
    first_response_minutes = $6::integer, resolution_minutes = $7::integer, reminder_minutes = $8::integer,
    business_hours = $9::boolean, active = $10::boolean, updated_at = $11::timestamptz
WHERE sla_policy_id = $1::bigint;

-- name: remove_policy
DELETE FROM sla_policy WHERE sla_policy_id = $1::bigint;

-- name: zone
SELECT time_zone FROM department_calendar WHERE department_id = $1::bigint;

-- name: company_zone
SELECT time_zone FROM company_hours WHERE opens IS NOT NULL;

-- name: hours
-- $1 0: of no department, which are the company's.
SELECT day, extract(epoch FROM opens)::integer / 60, extract(epoch FROM closes)::integer / 60
FROM department_hours_in_force WHERE department_id = $1::bigint
UNION ALL
SELECT w.day, extract(epoch FROM opens)::integer / 60, extract(epoch FROM closes)::integer / 60
FROM company_hours, generate_series(1, 7) AS w (day) WHERE $1 = 0 AND opens IS NOT NULL
ORDER BY 1, 2;

-- name: holidays
SELECT to_char(day, 'YYYY-MM-DD') FROM department_holiday WHERE department_id = $1::bigint
ORDER BY day;

-- name: clock
SELECT response_reminded, response_breached, resolution_reminded, resolution_breached FROM ticket_clock
WHERE ticket_no = $1::bigint;

-- name: put_clock
INSERT INTO ticket_clock (ticket_no, policy_id, policy, response_due, response_met, response_state, resolution_due,
                          resolution_met, resolution_state)
VALUES ($1::bigint, $2::bigint, $3, $4::timestamptz, $5::timestamptz, $6, $7::timestamptz, $8::timestamptz, $9)
ON CONFLICT (ticket_no) DO UPDATE SET policy_id = $2, policy = $3, response_due = $4, response_met = $5,
    response_state = $6, resolution_due = $7, resolution_met = $8, resolution_state = $9;

-- name: drop_clock
DELETE FROM ticket_clock WHERE ticket_no = $1::bigint;

-- name: mark_reminded
UPDATE ticket_clock SET
    response_reminded = CASE WHEN $2::boolean THEN $3::timestamptz ELSE response_reminded END,
    resolution_reminded = CASE WHEN $2 THEN resolution_reminded ELSE $3 END
WHERE ticket_no = $1::bigint;

-- name: mark_breached
UPDATE ticket_clock SET
    response_breached = CASE WHEN $2::boolean THEN $3::timestamptz ELSE response_breached END,
    resolution_breached = CASE WHEN $2 THEN resolution_breached ELSE $3 END
WHERE ticket_no = $1::bigint;

-- name: newest_ids
SELECT coalesce((SELECT max(audit_id) FROM audit), 0), coalesce((SELECT max(notice_id) FROM notice), 0);

-- name: acknowledged
-- Has anybody on our side done something with a ticket ($1), or acknowledged a notice about it, after these ids?
SELECT EXISTS (SELECT 1 FROM audit WHERE target = $1 AND actor_kind = 'staff' AND audit_id > $2::bigint)
    OR EXISTS (SELECT 1 FROM notice WHERE ticket = $1 AND settled_at IS NOT NULL AND notice_id > $3::bigint);

-- name: open_tickets
SELECT ticket_no FROM ticket WHERE status NOT IN ('resolved', 'closed') AND ticket_no > $1::bigint
ORDER BY ticket_no LIMIT $2::bigint;
