-- Document 000's tables under their documented names and columns, for reports that were written against them.
-- Times are shown in the session's time zone (SET TIME ZONE 'Africa/Harare' before a report that wants local times).

CREATE SCHEMA compat;

CREATE VIEW compat.conversations AS
SELECT ('CONV-' || c.conversation_id)::varchar(50) AS id,
       c.user_id::varchar(50) AS user_id,
       c.user_name::varchar(100) AS user_name,
       c.user_email,
       c.user_phone,
       c.category::varchar(50) AS issue_type,
       c.priority::varchar(20) AS priority,
       -- The document knows three states: a chat with the assistant is active, a closed one is resolved.
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
           AS notes
FROM conversation c
LEFT JOIN staff s ON s.staff_id = c.assigned_staff_id;

-- The same messages as rows.
CREATE VIEW compat.messages AS
SELECT ('CONV-' || m.conversation_id)::varchar(50) AS conversation_id,
       m.seq,
       m.message_id,
       m.at::timestamp(0) AS "timestamp",
       m.sender,
       m.role,
       m.body AS message
FROM message m;
