-- Reviews of how conversations were handled, training examples, and supervisors in live conversations.

CREATE TABLE scorecard (
    scorecard_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT scorecard_name_key UNIQUE,
    criteria jsonb NOT NULL, -- [{"id", "label_en", "label_ar", "weight", "scale"}]
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO scorecard (name, criteria) VALUES ('Conversation quality', '[
    {"id": "greeting", "label_en": "Greets, gives name and team", "label_ar": "التحية وذكر الاسم والفريق", "weight": 1, "scale": 5},
    {"id": "understanding", "label_en": "Understands what is asked", "label_ar": "فهم المطلوب", "weight": 2, "scale": 5},
    {"id": "accuracy", "label_en": "Answers correctly and completely", "label_ar": "صحة الإجابة واكتمالها", "weight": 3, "scale": 5},
    {"id": "tone", "label_en": "Friendly and clear", "label_ar": "أسلوب ودود وواضح", "weight": 2, "scale": 5},
    {"id": "resolution", "label_en": "Resolves, or agrees the next step", "label_ar": "الحل أو الاتفاق على الخطوة التالية", "weight": 3, "scale": 5}
]');

CREATE TABLE review (
    review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL REFERENCES conversation,
    scorecard_id bigint NOT NULL REFERENCES scorecard,
    criteria jsonb NOT NULL, -- as they were when it was written
    staff_id bigint NOT NULL REFERENCES staff,    -- whose work it judges
    reviewer_id bigint NOT NULL REFERENCES staff, -- who judges
    scores jsonb NOT NULL,   -- {"tone": 4}
    total double precision NOT NULL CHECK (total BETWEEN 0 AND 100),
    comment text NOT NULL DEFAULT '',
    at timestamptz NOT NULL,
    CONSTRAINT review_once UNIQUE (conversation_id, scorecard_id, staff_id, reviewer_id)
);
CREATE INDEX review_staff ON review (staff_id, at);
CREATE INDEX review_at ON review (at);

-- Conversations to learn from, copied without what names anybody.
CREATE TABLE example (
    example_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL CONSTRAINT example_once UNIQUE REFERENCES conversation,
    note text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT '',
    department text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    messages jsonb NOT NULL, -- [{"role", "message"}]
    made_by bigint NOT NULL REFERENCES staff,
    at timestamptz NOT NULL
);

-- Who silently looks on.
CREATE TABLE watch (
    conversation_id bigint NOT NULL REFERENCES conversation,
    staff_id bigint NOT NULL REFERENCES staff,
    since timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, staff_id)
);

-- Who writes beside a colleague. It holds while that colleague has the conversation.
CREATE TABLE barge (
    conversation_id bigint NOT NULL REFERENCES conversation,
    staff_id bigint NOT NULL REFERENCES staff,
    held_by bigint NOT NULL REFERENCES staff,
    since timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, staff_id)
);
