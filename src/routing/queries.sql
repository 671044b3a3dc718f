-- Desks -----------------------------------------------------------------------------------------------------------

-- name: find_desk
SELECT d.department_id, d.slug, d.name_en, d.name_ar, d.is_default, d.time_zone, d.assignment, d.accept_seconds,
       d.queue_limit, d.full_answer_en, d.full_answer_ar, array_to_json(d.skills_required)::text, d.turn,
       coalesce((SELECT json_agg(json_build_array(h.day, extract(epoch FROM h.opens)::integer / 60,
                                                  extract(epoch FROM h.closes)::integer / 60) ORDER BY h.day, h.opens)
                 FROM department_hours_in_force h WHERE h.department_id = d.department_id), '[]')::text,
       coalesce((SELECT json_agg(json_build_array(h.day, h.name) ORDER BY h.day)
                 FROM department_holiday h WHERE h.department_id = d.department_id), '[]')::text,
       k.hours_from, k.time_zone, o.time_zone, extract(epoch FROM o.opens)::integer / 60,
       extract(epoch FROM o.closes)::integer / 60
FROM department d JOIN department_calendar k USING (department_id) LEFT JOIN company_hours o ON o.opens IS NOT NULL
WHERE d.department_id = $1::bigint;

-- name: set_company_hours
-- No row: they are as before. Whether there were none before.
INSERT INTO company_hours AS c (time_zone, opens, closes) VALUES ($1, $2::time, $3::time)
ON CONFLICT (one) DO UPDATE SET time_zone = excluded.time_zone, opens = excluded.opens, closes = excluded.closes
WHERE (c.time_zone, c.opens, c.closes) IS DISTINCT FROM (excluded.time_zone, excluded.opens, excluded.closes)
RETURNING xmax = 0;

-- name: seed_zones
-- Departments that nobody has given a zone or hours yet.
UPDATE department d SET time_zone = $1
WHERE d.time_zone = 'UTC' AND d.time_zone <> $1
  AND NOT EXISTS (SELECT 1 FROM department_hours h WHERE h.department_id = d.department_id);

-- name: desk_id
SELECT department_id FROM department WHERE slug = $1;

-- name: default_department
SELECT department_id FROM department WHERE is_default;

-- name: automatic_departments
SELECT department_id FROM department WHERE assignment <> 'manual' ORDER BY department_id;

-- name: save_desk
UPDATE department SET assignment = $2, accept_seconds = $3::integer, queue_limit = $4::integer, time_zone = $5,
    full_answer_en = $6, full_answer_ar = $7, skills_required = $8::text[]
WHERE department_id = $1::bigint;

-- name: clear_hours
DELETE FROM department_hours WHERE department_id = $1::bigint;

-- name: add_hours
INSERT INTO department_hours (department_id, day, opens, closes)
SELECT $1::bigint, h.day, h.opens, h.closes FROM unnest($2::smallint[], $3::time[], $4::time[]) AS h (day, opens, closes);

-- name: clear_holidays
DELETE FROM department_holiday WHERE department_id = $1::bigint;

-- name: add_holidays
INSERT INTO department_holiday (department_id, day, name)
SELECT $1::bigint, h.day, h.name FROM unnest($2::date[], $3::text[]) AS h (day, name);

-- name: has_agents
-- Is there anybody who would see what is put into this department's queue?
SELECT EXISTS (SELECT 1 FROM staff_department sd JOIN staff s USING (staff_id)
               WHERE sd.department_id = $1::bigint AND s.active AND s.role = 'agent');

-- Categories ------------------------------------------------------------------------------------------------------

-- name: list_categories
SELECT c.category_id, c.slug, c.name_en, c.name_ar, coalesce(d.slug, ''), array_to_json(c.keywords_en)::text,
       array_to_json(c.keywords_ar)::text,
       coalesce((SELECT json_object_agg(w.keyword, w.weight) FROM category_weight w
                 WHERE w.category_id = c.category_id), '{}')::text
FROM category c LEFT JOIN department d USING (department_id)
WHERE c.category_id > $1::bigint ORDER BY c.category_id LIMIT $2::bigint;

-- name: find_category
SELECT c.category_id, c.slug, c.name_en, c.name_ar, coalesce(d.slug, ''), array_to_json(c.keywords_en)::text,
       array_to_json(c.keywords_ar)::text,
       coalesce((SELECT json_object_agg(w.keyword, w.weight) FROM category_weight w
                 WHERE w.category_id = c.category_id), '{}')::text
FROM category c LEFT JOIN department d USING (department_id)
WHERE c.slug = $1;

-- name: add_category
INSERT INTO category (slug, name_en, name_ar, department_id, keywords_en, keywords_ar)
VALUES ($1, $2, $3, $4::bigint, $5::text[], $6::text[]);

-- name: change_category
UPDATE category SET name_en = $2, name_ar = $3, department_id = $4::bigint, keywords_en = $5::text[],
    keywords_ar = $6::text[]
WHERE slug = $1;

-- People ----------------------------------------------------------------------------------------------------------

-- name: skills_of
SELECT skill, level FROM staff_skill WHERE staff_id = $1::bigint ORDER BY skill;

-- name: weight_of
SELECT weight FROM staff WHERE staff_id = $1::bigint;

-- name: save_weight
UPDATE staff SET weight = $2::integer WHERE staff_id = $1::bigint;

-- name: clear_skills
DELETE FROM staff_skill WHERE staff_id = $1::bigint;

-- name: add_skills
INSERT INTO staff_skill (staff_id, skill, level)
SELECT $1::bigint, k.skill, k.level FROM unnest($2::text[], $3::smallint[]) AS k (skill, level);

-- name: lock_staff
SELECT active FROM staff WHERE staff_id = $1::bigint FOR NO KEY UPDATE;

-- name: queues_of
-- Departments with automatic assignment that this person serves.
SELECT d.department_id FROM staff_department sd JOIN department d USING (department_id)
WHERE sd.staff_id = $1::bigint AND d.assignment <> 'manual' ORDER BY d.department_id;

-- name: held_by
SELECT c.conversation_id FROM conversation c LEFT JOIN department d USING (department_id)
WHERE c.assigned_staff_id = $1::bigint AND c.status = 'active' AND ($2::boolean OR d.assignment <> 'manual')
ORDER BY c.conversation_id LIMIT 500;

-- name: touch_turns
UPDATE staff_turn SET active_at = $2::timestamptz WHERE staff_id = $1::bigint;

-- Presence --------------------------------------------------------------------------------------------------------

-- name: arrive
INSERT INTO staff_presence (staff_id, server, since, seen_at) VALUES ($1::bigint, $2, $3::timestamptz, $3::timestamptz)
ON CONFLICT (staff_id, server) DO UPDATE SET seen_at = excluded.seen_at;

-- name: leave
DELETE FROM staff_presence WHERE staff_id = $1::bigint AND server = $2;

-- name: is_present
SELECT EXISTS (SELECT 1 FROM staff_presence WHERE staff_id = $1::bigint);

-- name: renew_presence
UPDATE staff_presence SET seen_at = $2::timestamptz WHERE server = $1;

-- name: bury_presence
-- Rows that their server has not renewed: it is gone.
DELETE FROM staff_presence WHERE seen_at < $1::timestamptz RETURNING staff_id;

-- Dispatch --------------------------------------------------------------------------------------------------------

-- name: lock_queue
-- One dispatcher per department at a time keeps the order of the queue and the turn of the people.
SELECT pg_advisory_xact_lock(20008, $1::integer);

-- name: lock_team
-- In order of id, so that dispatchers of departments that share people cannot wait for each other in a circle.
-- NO KEY UPDATE: rows that refer to a person (turns, notes) need not wait.
SELECT s.staff_id FROM staff s
WHERE s.active AND s.role = 'agent'
  AND EXISTS (SELECT 1 FROM staff_department sd WHERE sd.staff_id = s.staff_id AND sd.department_id = $1::bigint)
ORDER BY s.staff_id FOR NO KEY UPDATE;

-- name: team
-- $2 now, $3 sockets seen since. Read after lock_team, so loads are what they stay until COMMIT.
SELECT s.staff_id, s.name, s.availability, s.capacity, s.weight, array_to_json(s.languages)::text,
       coalesce((SELECT json_object_agg(k.skill, k.level) FROM staff_skill k WHERE k.staff_id = s.staff_id), '{}')::text,
       p.since IS NOT NULL,
       (SELECT count(*) FROM conversation c WHERE c.assigned_staff_id = s.staff_id AND c.status = 'active')
           + (SELECT count(*) FROM offer o WHERE o.staff_id = s.staff_id AND o.ended_at IS NULL),
       coalesce(t.turn, 0),
       greatest(0, extract(epoch FROM $2::timestamptz - greatest(
           (SELECT max(a.active_at) FROM staff_turn a WHERE a.staff_id = s.staff_id), p.since, '2000-01-01')))::bigint
FROM staff s
LEFT JOIN staff_turn t ON t.staff_id = s.staff_id AND t.department_id = $1::bigint
LEFT JOIN LATERAL (SELECT min(x.since) AS since FROM staff_presence x
                   WHERE x.staff_id = s.staff_id AND x.seen_at >= $3::timestamptz) p ON true
WHERE s.active AND s.role = 'agent'
  AND EXISTS (SELECT 1 FROM staff_department sd WHERE sd.staff_id = s.staff_id AND sd.department_id = $1::bigint)
ORDER BY s.staff_id;

-- name: waiting
-- The queue of a department without what is being offered, in the order of serving. $2: this is the default
-- department, which also serves what has none. $3: only those of whom nothing was said yet. What was said (told) and
-- who has refused (passed) is looked up for those that are returned only.
SELECT q.conversation_id, q.language, q.priority, q.user_name, routing_told(q.conversation_id, q.waiting_since),
       coalesce((SELECT json_agg(o.staff_id) FROM offer o
                 WHERE o.conversation_id = q.conversation_id AND o.offered_at >= q.waiting_since
                   AND o.outcome IN ('declined', 'expired')), '[]')::text, q.vip
FROM (SELECT c.conversation_id, c.language, c.priority, c.user_name, c.waiting_since, k.vip,
             queue_band(c.priority, k.vip) AS band
      FROM conversation c JOIN contact k USING (contact_id)
      WHERE c.status = 'pending' AND (c.department_id = $1::bigint OR ($2::boolean AND c.department_id IS NULL))
        AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.conversation_id = c.conversation_id AND o.ended_at IS NULL)
        AND NOT ($3::boolean AND routing_told(c.conversation_id, c.waiting_since))
      ORDER BY band, c.waiting_since, c.conversation_id
      LIMIT $4::integer) q
ORDER BY q.band, q.waiting_since, q.conversation_id;

-- name: waiting_tickets
-- Tickets of a department (as in `waiting`) that nobody has had yet, without those of conversations, which go with them.
SELECT k.ticket_no, k.ticket_id
FROM ticket k JOIN contact c USING (contact_id)
WHERE k.status IN ('open', 'in_progress') AND k.assigned_staff_id IS NULL AND k.conversation_id IS NULL
  AND k.level = 'L1' AND (k.department_id = $1::bigint OR ($2::boolean AND k.department_id IS NULL))
  AND NOT EXISTS (SELECT 1 FROM ticket_history h WHERE h.ticket_no = k.ticket_no AND h.field = 'assigned_staff')
ORDER BY queue_band(k.priority, c.vip), k.ticket_no LIMIT $3::integer;

-- name: tickets_of
-- What people have in work beside conversations.
SELECT assigned_staff_id, count(*) FROM ticket
WHERE assigned_staff_id = ANY ($1::bigint[]) AND status IN ('open', 'in_progress') AND conversation_id IS NULL
GROUP BY assigned_staff_id;

-- name: save_turns
-- How far a department ($1, $2) and those whom it gave something ($3, $4) have come.
WITH moved_on AS (
    UPDATE department SET turn = $2::double precision WHERE department_id = $1::bigint
)
INSERT INTO staff_turn (staff_id, department_id, turn, active_at)
SELECT g.staff_id, $1, g.turn, $5::timestamptz
FROM unnest($3::bigint[], $4::double precision[]) AS g (staff_id, turn)
ON CONFLICT (staff_id, department_id) DO UPDATE SET turn = excluded.turn, active_at = excluded.active_at;

-- name: add_decisions
INSERT INTO routing_decision (conversation_id, at, kind, staff_id, reason_en, reason_ar, detail)
SELECT g.conversation_id, $1::timestamptz, g.kind, g.staff_id, g.reason_en, g.reason_ar, g.detail
FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])
    AS g (conversation_id, kind, staff_id, reason_en, reason_ar, detail);

-- name: ticket_asked_for
-- Has a rule asked for a ticket before? One conversation needs one.
SELECT EXISTS (SELECT 1 FROM routing_decision WHERE conversation_id = $1::bigint AND kind = 'rules'
                 AND detail LIKE '%"do":"create_ticket"%');

-- name: decisions_of
SELECT d.at, d.kind, d.staff_id, s.name, d.reason_en, d.reason_ar, d.detail
FROM routing_decision d LEFT JOIN staff s USING (staff_id)
WHERE d.conversation_id = $1::bigint ORDER BY d.decision_id DESC LIMIT 100;

-- Offers ----------------------------------------------------------------------------------------------------------

-- name: add_offers
INSERT INTO offer (conversation_id, staff_id, offered_at, expires_at)
SELECT g.conversation_id, g.staff_id, $3::timestamptz, $4::timestamptz
FROM unnest($1::bigint[], $2::bigint[]) AS g (conversation_id, staff_id) RETURNING offer_id;

-- name: lock_open_offer
SELECT offer_id, staff_id, expires_at FROM offer
WHERE conversation_id = $1::bigint AND ended_at IS NULL FOR UPDATE;

-- name: find_offer
SELECT conversation_id FROM offer WHERE offer_id = $1::bigint AND ended_at IS NULL;

-- name: queue_of
-- The department in whose queue a conversation stands.
SELECT coalesce(c.department_id, (SELECT d.department_id FROM department d WHERE d.is_default))
FROM conversation c WHERE c.conversation_id = $1::bigint;

-- name: has_offer
SELECT offer_id FROM offer WHERE conversation_id = $1::bigint AND ended_at IS NULL;

-- name: end_offer
UPDATE offer SET ended_at = $2::timestamptz, outcome = $3 WHERE offer_id = $1::bigint AND ended_at IS NULL;

-- name: open_offers_to
SELECT c.conversation_id, c.user_name, c.priority, c.category, o.expires_at, coalesce(w.reason_en, ''),
       coalesce(w.reason_ar, '')
FROM offer o JOIN conversation c USING (conversation_id)
    LEFT JOIN LATERAL (SELECT d.reason_en, d.reason_ar FROM routing_decision d
                       WHERE d.conversation_id = o.conversation_id AND d.kind = 'offered' AND d.staff_id = o.staff_id
                       ORDER BY d.decision_id DESC LIMIT 1) w ON true
WHERE o.staff_id = $1::bigint AND o.ended_at IS NULL AND o.expires_at > $2::timestamptz
ORDER BY o.expires_at, o.offer_id;

-- name: offers_to
SELECT conversation_id FROM offer WHERE staff_id = $1::bigint AND ended_at IS NULL ORDER BY conversation_id;

-- Waits -----------------------------------------------------------------------------------------------------------

-- name: enter_queue
-- As the event tells it: the conversation itself may have moved on.
INSERT INTO queue_visit (conversation_id, department_id, place, entered_at)
SELECT $1::bigint, $2::bigint, greatest(1, (SELECT count(*) FROM conversation o WHERE o.status = 'pending'
                                              AND o.department_id IS NOT DISTINCT FROM $2)), $3::timestamptz
ON CONFLICT (conversation_id) WHERE left_at IS NULL DO UPDATE
    SET department_id = excluded.department_id, place = excluded.place;

-- name: leave_queue
UPDATE queue_visit SET left_at = $2::timestamptz, taken = $3::boolean
WHERE conversation_id = $1::bigint AND left_at IS NULL;

-- name: recent_waits
-- Seconds per place in the queue: the median of the last 20 waits since $2, and how many those are.
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM v.left_at - v.entered_at) / greatest(v.place, 1)),
       count(*)
FROM (SELECT entered_at, left_at, place FROM queue_visit
      WHERE taken AND coalesce(department_id, 0) = $1::bigint AND left_at >= $2::timestamptz
      ORDER BY left_at DESC LIMIT 20) v;

-- name: stood_before
-- How many stood in this queue when a conversation came to it. The log is read in order, so who came later is not
-- noted yet, and never makes an earlier one too many.
SELECT count(*) FROM queue_visit v
WHERE v.left_at IS NULL AND v.conversation_id <> $3::bigint
  AND (v.department_id = $1::bigint OR ($2::boolean AND v.department_id IS NULL));

-- name: told_full
SELECT EXISTS (SELECT 1 FROM routing_decision WHERE conversation_id = $1::bigint AND kind = 'full' AND at >= $2::timestamptz);

-- Rules -----------------------------------------------------------------------------------------------------------

-- name: list_rules
SELECT rule_id, name, position, active, definition::text FROM rule
ORDER BY position, rule_id;

-- name: find_rule
SELECT rule_id, name, position, active, definition::text FROM rule WHERE rule_id = $1::bigint;

-- name: lock_rule
SELECT rule_id, name, position, active, definition::text FROM rule WHERE rule_id = $1::bigint FOR UPDATE;

-- name: add_rule
INSERT INTO rule (name, position, active, definition, updated_at)
VALUES ($1, coalesce(nullif($2::integer, 0), (SELECT coalesce(max(position), 0) + 10 FROM rule WHERE position < 900)),
        $3::boolean, $4::jsonb, $5::timestamptz)
RETURNING rule_id, name, position, active, definition::text;

-- name: change_rule
UPDATE rule SET name = $2, position = $3::integer, active = $4::boolean, definition = $5::jsonb, updated_at = $6::timestamptz
WHERE rule_id = $1::bigint
RETURNING rule_id, name, position, active, definition::text;

-- name: delete_rule
DELETE FROM rule WHERE rule_id = $1::bigint;

-- name: fired_rules
SELECT rule_id FROM rule_firing WHERE conversation_id = $1::bigint AND event = $2;

-- name: add_firings
INSERT INTO rule_firing (conversation_id, rule_id, event, at)
SELECT $1::bigint, unnest($2::bigint[]), $3, $4::timestamptz ON CONFLICT DO NOTHING;

-- name: customer_words
-- What the customer has said lately, oldest first.
SELECT coalesce(string_agg(m.body, ' . ' ORDER BY m.seq), '')
FROM (SELECT seq, body FROM message WHERE conversation_id = $1::bigint AND role = 'user' ORDER BY seq DESC LIMIT 10) m;

-- name: contact_facts
SELECT to_jsonb(k)::text FROM contact k WHERE contact_id = $1::bigint;

-- name: last_customer_message
SELECT max(m.received_at) FROM message m WHERE m.conversation_id = $1::bigint AND m.role = 'user';
