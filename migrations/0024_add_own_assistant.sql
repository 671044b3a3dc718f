-- Whose assistant speaks in a conversation: this server's own engine, or another system's (a widget of elsewhere whose
-- words arrive by the sync call). Said by the channel when the conversation begins, and when a later message comes by
-- another way into it.
ALTER TABLE conversation ADD COLUMN own_assistant boolean NOT NULL DEFAULT false;
UPDATE conversation SET own_assistant = true WHERE channel IN ('widget', 'portal');

-- Column order is conversation::from_db's.
CREATE OR REPLACE VIEW conversation_view AS
SELECT c.conversation_id, c.contact_id, c.channel, c.session_id,
       c.user_id, c.user_name, c.user_email, c.user_phone, c.language, c.scenario,
       c.status, c.handler, c.priority,
       c.department_id, d.slug AS department_slug, d.name_en AS department_en, d.name_ar AS department_ar,
       c.category, c.assigned_staff_id, s.name AS assigned_name, array_to_json(c.tags) AS tags, c.on_hold,
       c.last_seq, c.last_role, c.last_sender, c.last_text, c.last_at,
       c.handover_timestamp, c.handover_reason, c.handover_by,
       c.waiting_since, c.taken_at, c.first_response_at, c.resolved_at,
       c.outcome, c.resolution, c.rating, c.rating_comment,
       c.reopened_count, c.previous_conversation_id, c.version, c.created_at, c.updated_at, c.own_assistant
FROM conversation c
LEFT JOIN department d USING (department_id)
LEFT JOIN staff s ON s.staff_id = c.assigned_staff_id;
