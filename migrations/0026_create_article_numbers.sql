-- What becomes of articles: flags of staff, daily numbers, and articles in the search.

CREATE TABLE article_flag (
    flag_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    article_id bigint REFERENCES article ON DELETE CASCADE, -- null: there is no article
    kind text NOT NULL CHECK (kind IN ('outdated', 'missing', 'wrong')),
    comment text NOT NULL DEFAULT '',
    conversation_id bigint REFERENCES conversation ON DELETE SET NULL, -- where it came up
    created_by bigint NOT NULL REFERENCES staff,
    created_at timestamptz NOT NULL,
    resolved_by bigint REFERENCES staff,
    resolved_at timestamptz,
    resolution text NOT NULL DEFAULT '',
    CHECK (article_id IS NOT NULL OR kind = 'missing')
);
CREATE INDEX article_flag_open ON article_flag (flag_id) WHERE resolved_at IS NULL;
CREATE INDEX article_flag_article ON article_flag (article_id) WHERE resolved_at IS NULL;

-- Days of the company's time zone.
CREATE TABLE article_day (
    article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
    day date NOT NULL,
    shown bigint NOT NULL DEFAULT 0,     -- suggested, or read in the help centre
    answered bigint NOT NULL DEFAULT 0,  -- said by the assistant
    inserted bigint NOT NULL DEFAULT 0,  -- put into a reply by staff
    helpful bigint NOT NULL DEFAULT 0,   -- readers who said so
    unhelpful bigint NOT NULL DEFAULT 0,
    handovers bigint NOT NULL DEFAULT 0, -- answered conversations in which a person was needed all the same
    PRIMARY KEY (article_id, day)
);

-- Which articles the assistant answered from in a conversation, for what follows there.
CREATE TABLE article_answer (
    conversation_id bigint NOT NULL REFERENCES conversation ON DELETE CASCADE,
    article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
    at timestamptz NOT NULL,
    handed_over boolean NOT NULL DEFAULT false,
    PRIMARY KEY (conversation_id, article_id)
);

-- Articles in the search: kind 5.
ALTER TABLE search_document DROP CONSTRAINT search_document_kind_check;
ALTER TABLE search_document ADD CONSTRAINT search_document_kind_check CHECK (kind BETWEEN 1 AND 5) NOT VALID;
CREATE OR REPLACE VIEW search_source AS
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
FROM contact
UNION ALL
SELECT 5, article_id, created_at, updated_at,
       search_fold(concat_ws(' ', 'ART-' || article_id, slug, category, title, array_to_string(questions, ' '), body))
FROM article;
INSERT INTO search_mark VALUES (5, '-infinity', 0);
