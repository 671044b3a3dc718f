-- How work finds its person: the desk of each department, categories, skills, rules, offers, and why each was decided.

ALTER TABLE department ADD COLUMN IF NOT EXISTS time_zone text NOT NULL DEFAULT 'UTC';
ALTER TABLE department
    ADD COLUMN assignment text NOT NULL DEFAULT 'manual' CHECK (assignment IN ('manual', 'round_robin', 'least_loaded')),
    ADD COLUMN accept_seconds integer NOT NULL DEFAULT 0 CHECK (accept_seconds BETWEEN 0 AND 3600), -- 0: given at once
    ADD COLUMN queue_limit integer CHECK (queue_limit > 0),
    ADD COLUMN full_answer_en text NOT NULL DEFAULT
        'All our colleagues are busy and the queue is full. Please leave your message here: we keep it and will answer you.',
    ADD COLUMN full_answer_ar text NOT NULL DEFAULT
        'جميع زملائنا مشغولون وقائمة الانتظار ممتلئة. اترك رسالتك هنا من فضلك، سنحتفظ بها ونرد عليك.',
    ADD COLUMN skills_required text[] NOT NULL DEFAULT '{}',
    ADD COLUMN turn double precision NOT NULL DEFAULT 0; -- how far its round robin has come, see staff_turn

-- Local times of the department's zone; several rows a day are split shifts. None at all: always open.
CREATE TABLE IF NOT EXISTS department_hours (
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    day smallint NOT NULL CHECK (day BETWEEN 1 AND 7), -- Monday first
    opens time NOT NULL,
    closes time NOT NULL, -- 24:00 is the end of the day
    CHECK (opens < closes)
);
CREATE INDEX IF NOT EXISTS department_hours_department ON department_hours (department_id);
CREATE TABLE IF NOT EXISTS department_holiday (
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    day date NOT NULL,
    name text NOT NULL
);
CREATE INDEX IF NOT EXISTS department_holiday_department ON department_holiday (department_id);

ALTER TABLE contact ADD COLUMN IF NOT EXISTS vip boolean NOT NULL DEFAULT false;

-- The order in which people are served: by band, then the longest waiting first.
CREATE FUNCTION queue_band(priority text, vip boolean) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE priority WHEN 'emergency' THEN 0 WHEN 'high' THEN 1
                ELSE CASE WHEN vip THEN 2 WHEN priority = 'low' THEN 4 ELSE 3 END END
$$;

CREATE TABLE category (
    category_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL CONSTRAINT category_slug_key UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
    name_en text NOT NULL,
    name_ar text NOT NULL,
    department_id bigint REFERENCES department,
    keywords_en text[] NOT NULL DEFAULT '{}',
    keywords_ar text[] NOT NULL DEFAULT '{}'
);

INSERT INTO category (slug, name_en, name_ar, department_id, keywords_en, keywords_ar)
SELECT c.slug, c.name_en, c.name_ar, d.department_id, string_to_array(c.en, ','), string_to_array(c.ar, ',')
FROM (VALUES
    ('education_scholarship', 'Education scholarship', 'منحة تعليمية', 'scholarship',
     'education scholarship,study scholarship,scholarship documents,scholarship docs', 'منحة تعليمية,وثائق المنحة,مستندات المنحة'),
    ('scholarship', 'Scholarship', 'المنح الدراسية', 'scholarship',
     'scholarship*,grant application,bank statement*,tuition', 'منحة,منح,المنح الدراسية,كشف حساب,الرسوم الدراسية'),
    ('education', 'Education Support', 'دعم التعليم', 'education',
     'education,school*,teacher*,exam*,university', 'تعليم,مدرسة,معلم,امتحان,جامعة'),
    ('goodsam', 'GoodSam Medical', 'جودسام الطبية', 'goodsam',
     'goodsam,good samaritan,fever,ambulance', 'جودسام,حمى,اسعاف'),
    ('medical', 'Medical Assistance', 'المساعدة الطبية', 'medical',
     'medical,doctor*,hospital*,medicine*,treatment', 'طبي,طبية,طبيب,مستشفى,دواء,علاج'),
    ('status-check', 'Status Check', 'متابعة الطلبات', 'status-check',
     'status of my,application status,when will i hear,check my status', 'حالة الطلب,حالة طلبي,متابعة طلبي'),
    ('community-project', 'Community Project', 'المشاريع المجتمعية', 'community',
     'community,funding,village,volunteer*', 'مجتمع,مجتمعي,تمويل,متطوع'),
    ('billing', 'Billing', 'الفواتير', 'billing',
     'bill,bills,billing,invoice*,payment*,refund*,charged,charge', 'فاتورة,فواتير,دفع,سداد,استرداد,مبلغ'),
    ('tech', 'Tech', 'الدعم الفني', 'tech-support',
     'error,bug,crash*,not working,does not work,doesnt work,technical,password reset', 'خطأ,عطل,لا يعمل,تقني,فني,مشكلة تقنية'),
    ('account', 'Account', 'الحسابات', 'account',
     'account,log in,login,sign in,password,profile', 'حساب,حسابي,تسجيل الدخول,كلمة المرور'),
    ('sales', 'Sales', 'المبيعات', 'sales',
     'buy,price,prices,pricing,purchase,quote,offer*,subscription,product*,sales', 'شراء,اشتري,سعر,اسعار,عرض,عروض,اشتراك,منتج,مبيعات'),
    ('complaints', 'Complaints', 'الشكاوى', 'complaints',
     'complain*,unacceptable,terrible,dissatisfied,poor service,bad service', 'شكوى,شكاوى,اشتكي,سيئة,غير راض,استياء'),
    ('reception', 'Reception', 'الاستقبال', 'reception',
     'reception,appointment*,opening hours,general question', 'استقبال,موعد,ساعات العمل,استفسار,سؤال عام')
) AS c (slug, name_en, name_ar, department, en, ar)
LEFT JOIN department d ON d.slug = c.department;

ALTER TABLE staff ADD COLUMN weight integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100);
CREATE TABLE staff_skill (
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    skill text NOT NULL,
    level smallint NOT NULL DEFAULT 3 CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (staff_id, skill)
);

-- Round robin as virtual time: each conversation given moves a person on by 1/weight, and the least advanced is next.
-- Whoever was away counts from where the department has come (department.turn), so nobody is made to catch up.
CREATE TABLE staff_turn (
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
    turn double precision NOT NULL DEFAULT 0,
    active_at timestamptz NOT NULL, -- when something was last given to them or finished by them
    PRIMARY KEY (staff_id, department_id)
);

-- Whose sockets are open on which server process. A row that its server no longer renews belongs to a dead one.
CREATE TABLE staff_presence (
    staff_id bigint NOT NULL REFERENCES staff ON DELETE CASCADE,
    server text NOT NULL,
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (staff_id, server)
);

CREATE TABLE rule (
    rule_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    position integer NOT NULL,
    active boolean NOT NULL DEFAULT true,
    definition jsonb NOT NULL, -- events, match, conditions, actions, stop
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX rule_position ON rule (position, rule_id);

-- The tables below do not refer to conversation by foreign key: each row would take a share lock on it, in an order
-- that the append lane, which locks many conversations at a time, could meet in a circle.

-- A rule acts once per conversation and event: what keeps rules from calling each other for ever.
CREATE TABLE rule_firing (
    conversation_id bigint NOT NULL,
    rule_id bigint NOT NULL REFERENCES rule ON DELETE CASCADE,
    event text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, rule_id, event)
);
CREATE INDEX rule_firing_rule ON rule_firing (rule_id);

CREATE TABLE routing_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN
        ('rules', 'offered', 'assigned', 'waiting', 'escalated', 'declined', 'expired', 'withdrawn', 'returned', 'full')),
    staff_id bigint REFERENCES staff,
    reason_en text NOT NULL,
    reason_ar text NOT NULL,
    detail text NOT NULL DEFAULT '[]' -- JSON: the candidates with their verdicts, or the trace of the rules
);
CREATE INDEX routing_decision_conversation ON routing_decision (conversation_id, decision_id);

CREATE TABLE offer (
    offer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    staff_id bigint NOT NULL REFERENCES staff,
    offered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text CHECK (outcome IN ('accepted', 'declined', 'expired', 'withdrawn'))
);
CREATE UNIQUE INDEX offer_one_open ON offer (conversation_id) WHERE ended_at IS NULL;
CREATE INDEX offer_open_of_staff ON offer (staff_id) WHERE ended_at IS NULL;
CREATE INDEX offer_conversation ON offer (conversation_id, offered_at);

-- One wait in a queue, with the place it began at: what the estimate shown to customers is made of.
CREATE TABLE queue_visit (
    visit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id bigint NOT NULL,
    department_id bigint REFERENCES department,
    place integer NOT NULL,
    entered_at timestamptz NOT NULL,
    left_at timestamptz,
    taken boolean NOT NULL DEFAULT false -- by somebody; else it was handed back or closed
);
CREATE UNIQUE INDEX queue_visit_open ON queue_visit (conversation_id) WHERE left_at IS NULL;
CREATE INDEX queue_visit_taken ON queue_visit (coalesce(department_id, 0), left_at) WHERE taken;

-- Document 001's routing, as rules that anybody can change: sales words, complaint words, and reception for the rest.
INSERT INTO rule (name, position, definition) VALUES
('Critical severity goes to people at once', 10, $${
    "events": ["message", "handover"], "match": "all",
    "conditions": [{"field": "severity", "op": "is", "value": "critical"}],
    "actions": [{"do": "priority", "value": "emergency"}, {"do": "hand_over", "value": "critical severity"}],
    "stop": false}$$),
('Complaints: to the complaints department, with a ticket', 20, $${
    "events": ["message", "handover"], "match": "all",
    "conditions": [{"field": "department", "op": "empty"},
                   {"field": "text", "op": "has_any", "value": ["complain*", "unacceptable", "terrible service", "bad service",
                    "poor service", "dissatisfied", "شكوى", "شكاوى", "اشتكي", "أشتكي", "شكوتي", "مستاء", "غير راض", "خدمة سيئة"]}],
    "actions": [{"do": "department", "value": "complaints"}, {"do": "priority", "value": "high"},
                {"do": "create_ticket", "value": "complaint"}, {"do": "hand_over", "value": "a complaint"}],
    "stop": true}$$),
('Sales words: to sales', 30, $${
    "events": ["message", "handover"], "match": "all",
    "conditions": [{"field": "department", "op": "empty"},
                   {"field": "text", "op": "has_any", "value": ["buy", "price", "prices", "pricing", "purchase", "quote", "discount",
                    "subscription", "sales", "شراء", "أشتري", "اشتري", "سعر", "أسعار", "عرض سعر", "خصم", "اشتراك", "مبيعات"]}],
    "actions": [{"do": "department", "value": "sales"}],
    "stop": true}$$),
('The department of its category', 800, $${
    "events": ["handover"], "match": "all",
    "conditions": [{"field": "department", "op": "empty"}, {"field": "category", "op": "not_empty"}],
    "actions": [{"do": "department", "value": "@category"}],
    "stop": false}$$),
('Nothing matched: to reception', 900, $${
    "events": ["handover"], "match": "all",
    "conditions": [{"field": "department", "op": "empty"}],
    "actions": [{"do": "department", "value": "reception"}],
    "stop": false}$$);

-- What no rule chose a department for is in everybody's waiting list, and reception, the default department, serves it.
-- A centre whose other agents should not see it switches this rule on.
UPDATE rule SET active = false WHERE position = 900;
