-- What the assistant learns from: labelled texts that people gave by what they did, questions that staff answered well,
-- and how well the present knowledge answers past questions.

-- Texts are without what names anybody.
CREATE TABLE training_example (
    example_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task text COLLATE "C" NOT NULL, -- a model's (handover, intent, sentiment, category), or 'answer'
    label text NOT NULL,            -- of that model; for 'answer' an article's id
    good boolean NOT NULL DEFAULT true, -- false: this label is wrong for the text
    body text NOT NULL,
    source text NOT NULL CHECK (source IN ('feedback', 'suggestion', 'quality', 'staff')),
    key text COLLATE "C" NOT NULL CONSTRAINT training_example_once UNIQUE, -- what it was made of
    staff_id bigint REFERENCES staff,
    at timestamptz NOT NULL
);
CREATE INDEX training_example_task ON training_example (task, example_id);

CREATE TABLE faq_candidate (
    candidate_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    question text NOT NULL,
    answer text NOT NULL,
    language text NOT NULL,
    category text NOT NULL DEFAULT '',
    asked integer NOT NULL DEFAULT 1, -- conversations that asked alike
    rating double precision,          -- the best of them
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'approved', 'rejected')),
    conversation_id bigint NOT NULL REFERENCES conversation, -- whose answer it is
    article_id bigint, -- the draft it became
    decided_by bigint REFERENCES staff,
    decided_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX faq_candidate_open ON faq_candidate (asked DESC, candidate_id DESC) WHERE status = 'open';

-- How far each way of collecting has come.
CREATE TABLE learning_cursor (
    name text PRIMARY KEY,
    at timestamptz NOT NULL,
    id bigint NOT NULL
);

CREATE TABLE evaluation_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    source text NOT NULL, -- the file's name, or 'database'
    threshold double precision NOT NULL,
    questions integer NOT NULL,
    answered integer NOT NULL,
    judged integer NOT NULL, -- answered, and it is known whether rightly
    correct integer NOT NULL,
    outcomes jsonb NOT NULL -- {"question": "article slug or ''"}: what the next run is compared with
);
