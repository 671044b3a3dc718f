-- What caused a ticket, for the export.

CREATE OR REPLACE VIEW search_ticket AS
SELECT ticket_no, ticket_id, subject, description, requester_name, requester_email, requester_phone, status,
       priority, level, category, department_id, assigned_staff_id, tags, created_at, updated_at, resolved_at,
       (SELECT string_agg(r.body, ' ' ORDER BY r.reply_id) FROM ticket_reply r WHERE r.ticket_no = t.ticket_no)
           AS replies,
       assigned_staff_id IS NULL AND level <> 'manager' AND status NOT IN ('resolved', 'closed') AS waiting,
       level = 'L2' AS escalated,
       source
FROM ticket t;
