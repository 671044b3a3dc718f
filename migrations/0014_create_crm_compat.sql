-- Documents 001's and 003's tables and views under their documented names and columns, for reports that were written
-- against them (SET search_path = compat, public). Where a document names a table without its columns, the columns are
-- those of its code's parameters. Times are shown in the session's time zone.

-- Document 001: customers, agents ------------------------------------------------------------------------------------

CREATE VIEW compat.customers AS
SELECT ('CUST-' || c.contact_id)::varchar(50) AS customer_id,
       c.name::varchar(200) AS name,
       coalesce(nullif(c.e164, ''), c.phone)::varchar(40) AS phone,
       c.email::varchar(254) AS email,
       c.language::varchar(35) AS language,
       c.company::varchar(200) AS company,
       c.vip AS is_vip,
       (SELECT count(*)::integer FROM conversation v WHERE v.contact_id = c.contact_id) AS total_calls,
       (SELECT count(*)::integer FROM contact_tickets(c.contact_id)) AS total_tickets,
       greatest(c.last_contact_at, (SELECT max(v.last_at) FROM conversation v WHERE v.contact_id = c.contact_id))
           AS last_contact_at,
       c.created_at,
       c.updated_at
FROM contact c WHERE c.merged_into IS NULL;

CREATE VIEW compat.agents AS
SELECT ('STF-' || s.staff_id)::varchar(50) AS agent_id,
       s.name::varchar(100) AS name,
       s.email::varchar(254) AS email,
       s.role::varchar(20) AS role,
       (SELECT d.slug FROM staff_department sd JOIN department d USING (department_id)
        WHERE sd.staff_id = s.staff_id ORDER BY d.department_id LIMIT 1)::varchar(50) AS department,
       array_to_json(s.languages) AS languages,
       s.availability::varchar(20) AS status,
       s.capacity AS max_concurrent_calls,
       (SELECT count(*)::integer FROM conversation v WHERE v.assigned_staff_id = s.staff_id AND v.status = 'active')
           AS current_calls,
       s.active AS is_active,
       s.created_at,
       s.updated_at
FROM staff s;

CREATE VIEW compat.agent_availability AS
SELECT a.agent_id, a.name, a.department, a.status, a.current_calls, a.max_concurrent_calls,
       greatest(a.max_concurrent_calls - a.current_calls, 0) AS free_slots,
       a.is_active AND a.status = 'online' AND a.current_calls < a.max_concurrent_calls AS is_available
FROM compat.agents a;

-- Document 001: calls. A call is a conversation here; its id has the documented form. --------------------------------

CREATE FUNCTION compat.call_id(in_conversation bigint, in_at timestamptz) RETURNS varchar(50)
LANGUAGE sql IMMUTABLE AS $$
    SELECT ('CALL_' || to_char(in_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') || '_'
            || upper(lpad(to_hex(in_conversation), 6, '0')))::varchar(50)
$$;

CREATE VIEW compat.calls AS
SELECT compat.call_id(v.conversation_id, v.created_at) AS call_id,
       ('CONV-' || v.conversation_id)::varchar(50) AS conversation_id,
       ('CUST-' || v.contact_id)::varchar(50) AS customer_id,
       v.user_name::varchar(100) AS customer_name,
       coalesce(nullif(v.user_phone, ''), nullif(c.e164, ''), c.phone)::varchar(40) AS phone_number,
       coalesce(nullif(v.user_email, ''), c.email)::varchar(254) AS customer_email,
       v.channel::varchar(40) AS channel,
       v.language::varchar(35) AS language,
       -- The documents' words for where a call stands.
       (CASE WHEN v.status = 'bot' THEN 'ivr_processing' WHEN v.status = 'pending' THEN 'in_queue'
             WHEN v.status = 'active' AND v.on_hold THEN 'on_hold' WHEN v.status = 'active' THEN 'in_progress'
             ELSE 'completed' END)::varchar(20) AS status,
       d.slug::varchar(50) AS department,
       v.category::varchar(50) AS service_type,
       v.priority::varchar(20) AS priority,
       CASE WHEN v.assigned_staff_id IS NOT NULL THEN 'STF-' || v.assigned_staff_id END::varchar(50) AS agent_id,
       v.created_at AS started_at,
       v.waiting_since AS queued_at,
       v.taken_at AS answered_at,
       v.resolved_at AS ended_at,
       extract(epoch FROM coalesce(v.taken_at, v.first_response_at) - v.handover_timestamp)::integer
           AS wait_seconds,
       extract(epoch FROM coalesce(v.resolved_at, v.last_at, v.created_at) - v.created_at)::integer
           AS duration_seconds,
       v.outcome,
       v.rating::integer AS satisfaction_rating,
       v.created_at,
       v.updated_at
FROM conversation v
JOIN contact c USING (contact_id)
LEFT JOIN department d USING (department_id);

CREATE VIEW compat.active_calls AS
SELECT k.call_id, k.conversation_id, k.customer_id, k.customer_name, k.phone_number, k.status, k.department,
       k.priority, k.agent_id, a.name AS agent_name, k.started_at, k.answered_at, k.duration_seconds
FROM compat.calls k LEFT JOIN compat.agents a USING (agent_id)
WHERE k.status <> 'completed';

CREATE VIEW compat.call_queue AS
SELECT compat.call_id(v.conversation_id, v.created_at) AS call_id,
       ('CONV-' || v.conversation_id)::varchar(50) AS conversation_id,
       v.user_name::varchar(100) AS customer_name,
       d.slug::varchar(50) AS department,
       v.priority::varchar(20) AS priority,
       (row_number() OVER (PARTITION BY v.department_id
                           ORDER BY array_position('{emergency,high,normal,low}', v.priority), v.waiting_since,
                                    v.conversation_id))::integer AS "position",
       v.waiting_since AS queued_at,
       extract(epoch FROM now() - v.waiting_since)::integer AS wait_seconds
FROM conversation v LEFT JOIN department d USING (department_id)
WHERE v.status = 'pending';

CREATE VIEW compat.call_transcripts AS
SELECT m.message_id::varchar(200) AS transcript_id,
       compat.call_id(m.conversation_id, v.created_at) AS call_id,
       ('CONV-' || m.conversation_id)::varchar(50) AS conversation_id,
       m.seq AS sequence,
       m.role::varchar(20) AS speaker,
       m.sender::varchar(100) AS speaker_name,
       m.body AS text,
       v.language::varchar(35) AS language,
       m.at AS "timestamp"
FROM message m JOIN conversation v USING (conversation_id);

CREATE VIEW compat.agent_performance AS
SELECT ('STF-' || s.staff_id)::varchar(50) AS agent_id,
       s.name::varchar(100) AS agent_name,
       (v.created_at AT TIME ZONE current_setting('TimeZone'))::date AS date,
       count(*)::integer AS total_calls,
       count(*) FILTER (WHERE v.status IN ('resolved', 'closed'))::integer AS resolved_calls,
       avg(extract(epoch FROM v.first_response_at - v.handover_timestamp))::real AS avg_first_response_seconds,
       avg(extract(epoch FROM v.resolved_at - v.taken_at))::real AS avg_handle_seconds,
       avg(v.rating)::real AS avg_satisfaction
FROM conversation v JOIN staff s ON s.staff_id = v.assigned_staff_id
GROUP BY s.staff_id, s.name, 3;

CREATE VIEW compat.department_daily_stats AS
SELECT coalesce(d.slug, 'none')::varchar(50) AS department,
       (v.created_at AT TIME ZONE current_setting('TimeZone'))::date AS date,
       count(*)::integer AS total_calls,
       count(*) FILTER (WHERE v.handover_requested)::integer AS handovers,
       count(*) FILTER (WHERE v.taken_at IS NOT NULL)::integer AS answered_calls,
       count(*) FILTER (WHERE v.status IN ('resolved', 'closed'))::integer AS resolved_calls,
       avg(extract(epoch FROM v.taken_at - v.handover_timestamp))::real AS avg_wait_seconds,
       avg(extract(epoch FROM v.resolved_at - v.created_at))::real AS avg_duration_seconds,
       avg(v.rating)::real AS avg_satisfaction
FROM conversation v LEFT JOIN department d USING (department_id)
GROUP BY 1, 2;

-- Document 003: contacts, leads, lead_details, activities; its conversations have three columns more ------------------

CREATE VIEW compat.contacts AS
SELECT c.contact_id AS id,
       coalesce(nullif(c.e164, ''), nullif(c.phone, ''),
                (SELECT i.external_id FROM contact_identity i
                 WHERE i.contact_id = c.contact_id AND i.channel = 'whatsapp' LIMIT 1), '') AS phone_number,
       c.name,
       c.email,
       c.company,
       l.status AS lead_status,
       coalesce(l.score, 0) AS lead_score,
       c.last_contact_at,
       c.created_at,
       c.updated_at
FROM contact c LEFT JOIN lead l ON l.lead_id = contact_lead(c.contact_id)
WHERE c.merged_into IS NULL;

CREATE VIEW compat.lead_details AS
SELECT l.lead_id AS id,
       l.contact_id,
       l.status AS lead_status,
       l.score AS lead_score,
       l.source AS lead_source,
       l.handover_requested,
       l.handover_trigger,
       l.handover_timestamp,
       (CASE l.priority WHEN 'normal' THEN 'medium' ELSE l.priority END)::varchar(20) AS priority,
       l.created_at,
       l.updated_at
FROM lead l;

CREATE VIEW compat.leads AS
SELECT d.id, d.contact_id, c.name, c.phone_number, c.email, d.lead_status AS status, d.lead_score AS score,
       d.lead_source AS source, d.priority, d.created_at, d.updated_at
FROM compat.lead_details d LEFT JOIN compat.contacts c ON c.id = d.contact_id;

CREATE VIEW compat.activities AS
SELECT a.activity_id AS id,
       a.contact_id,
       a.title,
       a.body AS description,
       -- The document's word for a handover.
       (CASE a.type WHEN 'handover' THEN 'support_request' ELSE a.type END)::varchar(50) AS activity_type,
       a.metadata,
       a.at AS created_at
FROM activity a;

CREATE OR REPLACE VIEW compat.conversations AS
SELECT ('CONV-' || c.conversation_id)::varchar(50) AS id,
       c.user_id::varchar(50) AS user_id,
       c.user_name::varchar(100) AS user_name,
       c.user_email,
       c.user_phone,
       c.category::varchar(50) AS issue_type,
       c.priority::varchar(20) AS priority,
       (CASE c.status WHEN 'bot' THEN 'active' WHEN 'closed' THEN 'resolved' ELSE c.status END)::varchar(50) AS status,
       s.name::varchar(100) AS assigned_staff,
       c.created_at::timestamp(0) AS created_at,
       c.updated_at::timestamp(0) AS updated_at,
       round(extract(epoch FROM coalesce(c.resolved_at, c.last_at, c.created_at) - c.created_at) / 60)::integer
           AS duration_minutes,
       coalesce((SELECT json_agg(json_build_object('timestamp', to_char(m.at, 'YYYY-MM-DD HH24:MI:SS'),
                                                   'sender', m.sender,
                                                   'role', m.role,
                                                   'message', m.body) ORDER BY m.seq)
                 FROM message m WHERE m.conversation_id = c.conversation_id), '[]') AS messages,
       c.resolution::varchar(500) AS resolution,
       c.rating::integer AS satisfaction_rating,
       (SELECT string_agg(n.body, E'\n' ORDER BY n.note_id) FROM note n WHERE n.conversation_id = c.conversation_id)
           AS notes,
       c.handover_requested,
       c.handover_timestamp,
       c.handover_reason
FROM conversation c
LEFT JOIN staff s ON s.staff_id = c.assigned_staff_id;
