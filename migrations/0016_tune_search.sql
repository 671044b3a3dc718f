-- Search over a million messages: common words cost what their newest part costs (docs/decisions/0014-search-index.md).

-- Words of conversations, tickets and contacts ("things") stand apart from the same words of messages: =billing. There
-- are few things, so what is asked of them alone reads short lists, however often people write that word. A query may
-- also ask for the words of a filter: a thing of the category billing has =billing.
CREATE OR REPLACE FUNCTION search_vector(document_id bigint, kind integer, folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(
        ARRAY(SELECT CASE kind WHEN 2 THEN '' ELSE '=' END || left(w, 60)
              FROM unnest(string_to_array(folded, ' ')) w WHERE w <> '')
        || ARRAY['~k' || kind, '~s' || (document_id >> 14)])
$$;
UPDATE search_document
SET words = array_to_tsvector(ARRAY(SELECT CASE WHEN w LIKE '~%' THEN w ELSE '=' || w END
                                    FROM unnest(tsvector_to_array(words)) w))
WHERE kind <> 2;

-- The conversations of the newest documents with all words of a text, the last of which may be unfinished: for the
-- inbox. As search does it: the newest segments first, and words of the vocabulary before whatever begins like them.
-- Changes nothing, but is VOLATILE all the same: to estimate, the planner would call it, too.
CREATE FUNCTION search_newest(given text, most integer) RETURNS bigint[] LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = 'force_custom_plan' SET random_page_cost = 1.1 AS $$
DECLARE
    typed text[] := ARRAY(SELECT left(w, 60) FROM unnest(string_to_array(search_fold(given), ' ')) w WHERE w <> '');
    unfinished text := typed[cardinality(typed)];
    longer text[] := ARRAY(SELECT w.word FROM search_word w
                           WHERE unfinished !~ '[0-9]' AND w.word >= unfinished AND w.word < unfinished || chr(1114111)
                           LIMIT 51);
    listed boolean := cardinality(longer) BETWEEN 1 AND 50;
    newest bigint;
    segments bigint;
    marks tsquery;
    in_messages tsquery;
    in_conversations tsquery;
    part bigint[];
    found bigint[];
BEGIN
    IF cardinality(typed) = 0 THEN RETURN '{}'; END IF;
    -- A beginning of very many words is in so many documents that the newest are soon read.
    IF cardinality(typed) = 1 AND cardinality(longer) > 50 THEN
        found := ARRAY(SELECT ref FROM search_document
                       WHERE document_id > (SELECT max(document_id) FROM search_document) - 16384 AND kind <= 2
                         AND ts_match_vq(words, format('%1$L:* | ''=%1$s'':*', unfinished)::tsquery)
                       ORDER BY document_id DESC LIMIT most);
        IF cardinality(found) = most THEN RETURN found; END IF;
    END IF;
    LOOP
        SELECT string_agg(replace(ways, '~', ''), ' & ')::tsquery,
               (string_agg(replace(ways, '~', '='), ' & ') || ' & ''~k1''')::tsquery
        INTO in_messages, in_conversations
        FROM (SELECT CASE WHEN n < cardinality(typed) THEN quote_literal('~' || w)
                          WHEN listed THEN (SELECT '(' || string_agg(quote_literal('~' || l), ' | ') || ')'
                                            FROM unnest(longer || w) l)
                          ELSE quote_literal('~' || w) || ':*' END AS ways
              FROM unnest(typed) WITH ORDINALITY AS t (w, n)) x;
        found := '{}';
        segments := 1;
        newest := (SELECT max(document_id) >> 14 FROM search_document);
        WHILE newest >= 0 AND cardinality(found) < most LOOP
            marks := NULL; -- of many segments they would cost more than they save
            IF segments <= 64 THEN
                marks := (SELECT string_agg(quote_literal('~s' || s), ' | ')
                          FROM generate_series(greatest(newest - segments + 1, 0), newest) s)::tsquery;
            END IF;
            part := ARRAY(SELECT ref FROM search_document
                          WHERE (words @@ in_messages OR words @@ in_conversations)
                            AND (marks IS NULL OR words @@ marks)
                            AND document_id + 0 < (newest + 1) << 14 AND document_id + 0 >= (newest - segments + 1) << 14
                          ORDER BY document_id + 0 DESC LIMIT most - cardinality(found));
            found := found || part;
            newest := newest - segments;
            segments := least(CASE WHEN cardinality(part) < 32 THEN newest + 1 ELSE 16 * segments END,
                              (most - cardinality(found)) * segments / greatest(cardinality(part), 1) + 1);
        END LOOP;
        EXIT WHEN NOT listed OR cardinality(found) >= 5;
        listed := false;
    END LOOP;
    RETURN found;
END $$;
DROP FUNCTION search_prefix_query(text);

-- Lists of a department in one status, of which there may be few: by the newest change.
DROP INDEX conversation_department;
CREATE INDEX conversation_department ON conversation (department_id, status, active_hour)
    WHERE department_id IS NOT NULL;

-- The times of each segment's documents: a search for a time leaves the others out.
CREATE TABLE search_segment (
    segment bigint PRIMARY KEY,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);
INSERT INTO search_segment SELECT document_id >> 14, min(at), max(at) FROM search_document GROUP BY 1;

-- What is indexed but messages, by one shape: the kinds of search_document, and the text that is searched.
CREATE VIEW search_source AS
SELECT 1 AS kind, conversation_id AS ref, created_at AS at, updated_at,
       search_fold(concat_ws(' ', 'CONV-' || conversation_id, user_name, user_id, user_email, search_phone(user_phone),
                             category, array_to_string(tags, ' '), outcome, resolution, rating_comment)) AS folded
FROM conversation
UNION ALL
SELECT 3, ticket_no, created_at, updated_at,
       search_fold(concat_ws(' ', ticket_id, subject, description, requester_name, requester_email,
                             search_phone(requester_phone), category, array_to_string(tags, ' '), replies))
FROM search_ticket
UNION ALL
SELECT 4, contact_id, created_at, updated_at, search_fold(concat_ws(' ', name, email, search_phone(phone)))
FROM contact;

-- Tickets and contacts: all changes up to `at` are indexed, and of that moment those up to `ref`.
CREATE TABLE search_mark (
    kind smallint PRIMARY KEY,
    at timestamptz NOT NULL,
    ref bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO search_mark
SELECT 3, tickets_at, tickets_id FROM search_progress UNION ALL SELECT 4, contacts_at, contacts_id FROM search_progress;
ALTER TABLE search_progress DROP COLUMN contacts_at, DROP COLUMN contacts_id, DROP COLUMN tickets_at,
    DROP COLUMN tickets_id;
