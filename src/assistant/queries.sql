-- name: find_turn
-- Channel, language and who has the turn; the language of the text itself is judged by its script.
SELECT channel, language, handler, status FROM conversation WHERE conversation_id = $1;
