-- The order of the queue in one place: by priority, within one priority important contacts (VIP) first, then the longest
-- waiting. Smaller is served earlier.
CREATE OR REPLACE FUNCTION queue_band(priority text, vip boolean) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT 2 * CASE priority WHEN 'emergency' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 ELSE 2 END
           + CASE WHEN vip THEN 0 ELSE 1 END
$$;

-- Is it on record already why nobody was given a conversation that waits since then?
CREATE FUNCTION routing_told(conversation bigint, since timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT d.kind IN ('waiting', 'escalated') FROM routing_decision d
                     WHERE d.conversation_id = conversation AND d.at >= since AND d.kind NOT IN ('rules', 'full')
                     ORDER BY d.decision_id DESC LIMIT 1), false)
$$;

CREATE OR REPLACE VIEW compat.call_queue AS
SELECT compat.call_id(v.conversation_id, v.created_at) AS call_id,
       ('CONV-' || v.conversation_id)::varchar(50) AS conversation_id,
       v.user_name::varchar(100) AS customer_name,
       d.slug::varchar(50) AS department,
       v.priority::varchar(20) AS priority,
       (row_number() OVER (PARTITION BY v.department_id
                           ORDER BY queue_band(v.priority, k.vip), v.waiting_since, v.conversation_id))::integer
           AS "position",
       v.waiting_since AS queued_at,
       extract(epoch FROM now() - v.waiting_since)::integer AS wait_seconds
FROM conversation v JOIN contact k USING (contact_id) LEFT JOIN department d USING (department_id)
WHERE v.status = 'pending';
