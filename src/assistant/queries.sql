-- Scenarios ---------------------------------------------------------------------------------------------------------

-- name: list_scenarios
SELECT scenario_id, slug, name_en, name_ar, prompt, default_language, branding, intake, thresholds, active
FROM scenario WHERE scenario_id > $1 ORDER BY scenario_id LIMIT $2;

-- name: lock_scenario
-- By slug or by number.
SELECT scenario_id, slug, name_en, name_ar, prompt, default_language, branding, intake, thresholds, active
FROM scenario WHERE slug = $1 OR scenario_id = $2 FOR UPDATE;

-- name: find_scenario
SELECT scenario_id, slug, name_en, name_ar, prompt, default_language, branding, intake, thresholds, active
FROM scenario WHERE slug = $1 OR scenario_id = $2;

-- name: add_scenario
INSERT INTO scenario (slug, name_en, name_ar, prompt, default_language, branding, intake, thresholds, active,
                      created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::jsonb, $9, $10, $10)
RETURNING scenario_id;

-- name: change_scenario
UPDATE scenario SET name_en = $2, name_ar = $3, prompt = $4, default_language = $5, branding = $6::jsonb, intake = $7,
                    thresholds = $8::jsonb, active = $9, updated_at = $10
WHERE scenario_id = $1;

-- Turns -------------------------------------------------------------------------------------------------------------

-- name: turn_facts
-- What the assistant knows before it speaks. No lock: the append lane judges the turn when the answer is stored.
SELECT c.conversation_id, c.handler, c.channel, c.language, c.scenario, m.seq, m.notes
FROM conversation c LEFT JOIN assistant_memory m ON m.conversation_id = c.conversation_id
WHERE c.conversation_id = ANY ($1::bigint[]);

-- name: keep_memory
-- Never backwards: a turn that is done again knows less than what was stored after it.
INSERT INTO assistant_memory (conversation_id, seq, notes, updated_at)
SELECT g.conversation_id, g.seq, g.notes, $4::timestamptz
FROM unnest($1::bigint[], $2::integer[], $3::jsonb[]) AS g (conversation_id, seq, notes)
ON CONFLICT (conversation_id) DO UPDATE
    SET seq = excluded.seq, notes = excluded.notes, updated_at = excluded.updated_at
    WHERE assistant_memory.seq < excluded.seq;

-- name: window
-- The last words up to a message, oldest first.
SELECT w.role, w.body, w.seq FROM (
    SELECT role, body, seq FROM message WHERE conversation_id = $1 AND seq <= $2 ORDER BY seq DESC LIMIT $3
) w ORDER BY w.seq;

-- name: own_tickets
-- Of this conversation and of those that it goes on from: nobody else's.
WITH RECURSIVE thread AS (
    SELECT conversation_id, previous_conversation_id, 1 AS depth FROM conversation WHERE conversation_id = $1
    UNION ALL
    SELECT c.conversation_id, c.previous_conversation_id, thread.depth + 1
    FROM thread JOIN conversation c ON c.conversation_id = thread.previous_conversation_id WHERE thread.depth < 5
)
SELECT t.ticket_id, t.subject, t.status, t.updated_at
FROM ticket t JOIN thread ON thread.conversation_id = t.conversation_id
WHERE t.merged_into IS NULL
ORDER BY t.ticket_no DESC LIMIT 5;

-- name: said_already
-- Was the answer to this call stored? Then its turn is over, whatever happened afterwards.
SELECT EXISTS (SELECT 1 FROM message WHERE channel = 'assistant' AND message_id = $1);

-- name: log_intent
-- A judgement that led to no message, which would have carried it.
INSERT INTO intent_analysis_log (created_at, conversation_id, message_text, handover_needed, confidence_score, reason,
                                 final_decision, model_used)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: log_negatives
-- Of a batch of calls, those in which nothing speaks of a person: the lane, which every message passes, writes none.
INSERT INTO intent_analysis_log (created_at, conversation_id, message_text, handover_needed, confidence_score, reason,
                                 final_decision, model_used)
SELECT $6::timestamptz, g.conversation_id, g.text, false, g.confidence, g.reason, false, g.model
FROM unnest($1::bigint[], $2::text[], $3::real[], $4::text[], $5::text[])
    AS g (conversation_id, text, confidence, reason, model);

-- name: forget_negatives
DELETE FROM intent_analysis_log WHERE id IN (
    SELECT id FROM intent_analysis_log WHERE NOT handover_needed AND created_at < $1::timestamptz
    ORDER BY created_at LIMIT 5000);
