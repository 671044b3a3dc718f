-- Canned replies and macros. A note has a kind: what a supervisor whispers to a colleague is one, too.

ALTER TABLE note ADD COLUMN kind text NOT NULL DEFAULT 'note' CHECK (kind IN ('note', 'whisper'));

CREATE TABLE template (
    template_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    shortcut text NOT NULL DEFAULT '',
    body_en text NOT NULL DEFAULT '',
    body_ar text NOT NULL DEFAULT '',
    department_id bigint REFERENCES department, -- null: for everybody
    tags text[] NOT NULL DEFAULT '{}',
    uses bigint NOT NULL DEFAULT 0,
    created_by bigint REFERENCES staff, -- null: shipped
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (body_en <> '' OR body_ar <> '')
);
CREATE UNIQUE INDEX template_shortcut_key ON template (lower(shortcut)) WHERE shortcut <> '';

INSERT INTO template (name, shortcut, body_en, body_ar, department_id, tags) VALUES
    ('Greeting', 'hi',
     'Hi {{customer.name}}, I''m {{staff.name}} from {{department}} team. How can I help you?',
     'مرحباً {{customer.name}}، أنا {{staff.name}} من فريق {{department}}. كيف أستطيع مساعدتك؟', NULL, '{greeting}'),
    ('Missing bank statements', 'docs',
     E'Hi {{customer.name}}, I see you''re missing bank statements. That''s fine - we can accept:\n- Last 3 months payslips\n- Employer letter confirming income\n- Business registration papers\n\nWhich do you have available?',
     E'مرحباً {{customer.name}}، أرى أن كشوف الحساب البنكي ناقصة. لا بأس، يمكننا قبول أحد البدائل التالية:\n- كشوف الراتب لآخر 3 أشهر\n- خطاب من جهة العمل يؤكد الدخل\n- أوراق السجل التجاري\n\nأيّ منها متوفر لديك؟',
     (SELECT department_id FROM department WHERE slug = 'scholarship'), '{documents,scholarship}'),
    ('Send the documents', 'send',
     'Perfect! Please send it to documents@bgfzim.org and reply to this chat once sent. I''ll review immediately.',
     'ممتاز! من فضلك أرسله إلى documents@bgfzim.org ثم اكتب لنا هنا بعد الإرسال، وسأراجعه على الفور.', NULL,
     '{documents}'),
    ('Awaiting documents', 'await',
     'Thank you, {{customer.name}}. I have noted that we are waiting for your documents ({{conversation.id}}). Reply to this chat once you have sent them and we will go on from here.',
     'شكراً لك {{customer.name}}. سجّلت أننا بانتظار مستنداتك ({{conversation.id}}). اكتب لنا هنا بعد إرسالها وسنكمل من هذه النقطة.',
     NULL, '{documents}'),
    ('One moment', 'wait',
     'One moment please, {{customer.name}}, I am looking into it.',
     'لحظة من فضلك {{customer.name}}، أنا أتحقق من الأمر.', NULL, '{}'),
    ('Sorry for the delay', 'sorry',
     'I am sorry that you had to wait, {{customer.name}}. I have your conversation now and will stay with you until this is settled.',
     'أعتذر عن الانتظار {{customer.name}}. محادثتك معي الآن وسأبقى معك حتى تُحل المسألة.', NULL, '{}'),
    ('Closing', 'bye',
     'Thank you for contacting {{company}}, {{customer.name}}. If anything else comes up, just write here again.',
     'شكراً لتواصلك مع {{company}} يا {{customer.name}}. إذا احتجت أي شيء آخر فاكتب لنا هنا مرة أخرى.', NULL,
     '{closing}'),
    ('Follow-up', 'follow',
     'Hi {{customer.name}}, this is {{staff.name}} from {{company}}. I wanted to ask whether everything is settled with {{conversation.id}}, or whether there is anything left that we can do for you.',
     'مرحباً {{customer.name}}، معك {{staff.name}} من {{company}}. أردت أن أسأل إن كان كل شيء قد تم بخصوص {{conversation.id}} أو إن بقي شيء نستطيع مساعدتك فيه.',
     NULL, '{follow-up}');

CREATE TABLE macro (
    macro_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CONSTRAINT macro_name_key UNIQUE,
    steps jsonb NOT NULL, -- [{"do": "tag", "value": "vip"}, ...]
    created_by bigint REFERENCES staff,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO macro (name, steps) VALUES
    ('Resolved - awaiting documents',
     '[{"do": "send", "value": "template:await"}, {"do": "tag", "value": "awaiting-documents"},
       {"do": "status", "value": "resolved:awaiting_documents"}]'),
    ('Emergency: take and mark',
     '[{"do": "status", "value": "active"}, {"do": "priority", "value": "emergency"}, {"do": "tag", "value": "emergency"}]'),
    ('Say goodbye and resolve',
     '[{"do": "send", "value": "template:bye"}, {"do": "status", "value": "resolved"}]');

-- What a macro did, with what was there before, so that it can be undone.
CREATE TABLE macro_run (
    macro_run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    macro_id bigint REFERENCES macro ON DELETE SET NULL,
    macro_name text NOT NULL,
    conversation_id bigint NOT NULL REFERENCES conversation,
    staff_id bigint NOT NULL REFERENCES staff,
    done jsonb NOT NULL DEFAULT '[]',
    failed text, -- why it stopped in the middle
    at timestamptz NOT NULL,
    undone_at timestamptz,
    undone_by bigint REFERENCES staff
);
CREATE INDEX macro_run_conversation ON macro_run (conversation_id, macro_run_id);
