-- Document 001's calls with what the guided intake knows of them: its stage, its routing and its ticket.

CREATE OR REPLACE VIEW compat.calls AS
SELECT compat.call_id(v.conversation_id, v.created_at) AS call_id,
       ('CONV-' || v.conversation_id)::varchar(50) AS conversation_id,
       ('CUST-' || v.contact_id)::varchar(50) AS customer_id,
       v.user_name::varchar(100) AS customer_name,
       coalesce(nullif(v.user_phone, ''), nullif(c.e164, ''), c.phone)::varchar(40) AS phone_number,
       coalesce(nullif(v.user_email, ''), c.email)::varchar(254) AS customer_email,
       v.channel::varchar(40) AS channel,
       v.language::varchar(35) AS language,
       (CASE WHEN i.ended_at IS NOT NULL AND v.status = 'bot' THEN 'completed'
             WHEN v.status = 'bot' THEN 'ivr_processing' WHEN v.status = 'pending' THEN 'in_queue'
             WHEN v.status = 'active' AND v.on_hold THEN 'on_hold' WHEN v.status = 'active' THEN 'in_progress'
             ELSE 'completed' END)::varchar(20) AS status,
       d.slug::varchar(50) AS department,
       coalesce(nullif(i.state->>'service', ''), v.category)::varchar(50) AS service_type,
       v.priority::varchar(20) AS priority,
       CASE WHEN v.assigned_staff_id IS NOT NULL THEN 'STF-' || v.assigned_staff_id END::varchar(50) AS agent_id,
       v.created_at AS started_at,
       v.waiting_since AS queued_at,
       v.taken_at AS answered_at,
       coalesce(v.resolved_at, i.ended_at) AS ended_at,
       extract(epoch FROM coalesce(v.taken_at, v.first_response_at) - v.handover_timestamp)::integer
           AS wait_seconds,
       extract(epoch FROM coalesce(v.resolved_at, v.last_at, v.created_at) - v.created_at)::integer
           AS duration_seconds,
       v.outcome,
       v.rating::integer AS satisfaction_rating,
       v.created_at,
       v.updated_at,
       i.stage::varchar(30) AS ivr_stage,
       nullif(i.state->>'department', '')::varchar(50) AS routed_department,
       (i.state->>'confidence')::real AS routing_confidence,
       nullif(i.state->>'severity', '')::varchar(20) AS severity,
       nullif(i.state->>'ticket', '')::varchar(50) AS ticket_id
FROM conversation v
JOIN contact c USING (contact_id)
LEFT JOIN department d USING (department_id)
LEFT JOIN intake i USING (conversation_id);
