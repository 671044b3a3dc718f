-- What feedback says of articles, as weights of the ranking. Worked out anew from all votes by a job; nothing else
-- writes here.

CREATE TABLE article_weight (
    article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
    term text COLLATE "C" NOT NULL,   -- '': the article as a whole; else how questions with this word differ from that
    weight double precision NOT NULL, -- added to the log-odds that the article answers
    helpful integer NOT NULL,         -- votes that counted
    unhelpful integer NOT NULL,
    of_staff integer NOT NULL,        -- of both
    at timestamptz NOT NULL,          -- when it was worked out
    PRIMARY KEY (article_id, term)
);
