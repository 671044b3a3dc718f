-- Document 001's ticket tables and views under their documented names. Times as in compat.conversations.

CREATE VIEW compat.tickets AS
SELECT t.ticket_id::varchar(50) AS ticket_id,
       ('CUST-' || t.contact_id)::varchar(50) AS customer_id,
       t.requester_name::varchar(255) AS customer_name,
       t.requester_phone::varchar(50) AS customer_phone,
       t.requester_email::varchar(255) AS customer_email,
       ('CONV-' || t.conversation_id)::varchar(50) AS call_id,
       t.subject, t.description,
       d.slug::varchar(50) AS department,
       t.category::varchar(50) AS category,
       -- The document's priorities: low, medium, high, urgent.
       (CASE t.priority WHEN 'emergency' THEN 'urgent' WHEN 'normal' THEN 'medium' ELSE t.priority END)::varchar(20)
           AS priority,
       t.status::varchar(20) AS status,
       ('STF-' || t.assigned_staff_id)::varchar(50) AS assigned_agent_id,
       s.name::varchar(255) AS assigned_agent_name,
       t.created_at::timestamp(0) AS created_at,
       t.updated_at::timestamp(0) AS updated_at,
       t.resolved_at::timestamp(0) AS resolved_at
FROM ticket t
LEFT JOIN department d USING (department_id)
LEFT JOIN staff s ON s.staff_id = t.assigned_staff_id;

CREATE VIEW compat.tickets_history AS
SELECT h.history_id AS id,
       t.ticket_id::varchar(50) AS ticket_id,
       h.field::varchar(50) AS field_changed,
       h.before AS old_value,
       h.after AS new_value,
       h.actor::varchar(255) AS changed_by,
       h.at::timestamp(0) AS changed_at
FROM ticket_history h JOIN ticket t USING (ticket_no);

CREATE VIEW compat.open_tickets AS
SELECT * FROM compat.tickets WHERE status NOT IN ('resolved', 'closed');
