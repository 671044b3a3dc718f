-- The knowledge base: what the assistant may answer from, what staff insert, and what the help centre shows.

-- The translations of one article share a slug.
CREATE TABLE article (
    article_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'ar')),
    scenario text,                          -- null: for all of them
    category text NOT NULL DEFAULT '',
    title text NOT NULL,
    body text NOT NULL,                     -- Markdown
    questions text[] NOT NULL DEFAULT '{}', -- other ways to ask for it
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'archived')),
    version integer NOT NULL DEFAULT 1,
    created_by bigint REFERENCES staff, -- null: shipped or imported by command
    updated_by bigint REFERENCES staff,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_at timestamptz, -- the first time
    CONSTRAINT article_slug_key UNIQUE (slug, language)
);
CREATE INDEX article_updated ON article (updated_at, article_id);

-- Every version there was, the present one included.
CREATE TABLE article_version (
    article_id bigint NOT NULL REFERENCES article ON DELETE CASCADE,
    version integer NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    questions text[] NOT NULL,
    category text NOT NULL,
    scenario text,
    status text NOT NULL,
    staff_id bigint REFERENCES staff, -- null: shipped or imported by command
    at timestamptz NOT NULL,
    PRIMARY KEY (article_id, version)
);
