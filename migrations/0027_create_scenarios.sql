-- What the assistant is there for, as admins edit it, and what it remembers of a conversation.

CREATE TABLE scenario (
    scenario_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text COLLATE "C" NOT NULL CONSTRAINT scenario_slug_key UNIQUE CHECK (slug ~ '^[a-z][a-z0-9_-]{0,49}$'),
    name_en text NOT NULL,
    name_ar text NOT NULL,
    prompt text NOT NULL DEFAULT '',
    default_language text NOT NULL DEFAULT 'en' CHECK (default_language IN ('en', 'ar')),
    branding jsonb NOT NULL DEFAULT '{}', -- colour, assistant_name, greeting_en, greeting_ar
    intake boolean NOT NULL DEFAULT false,
    thresholds jsonb NOT NULL DEFAULT '{}', -- what is not there is as the program has it
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO scenario (slug, name_en, name_ar, prompt, branding) VALUES
('charity', 'Foundation', 'مؤسسة خيرية',
 'You are the assistant of a charitable foundation. People ask about education and scholarships, medical assistance, GoodSam medical volunteers, community projects, and the status of what they applied for. Many are in need and write on a telephone: be warm, brief and plain. Never promise money, a place or a date; decisions are made by people. Never give medical advice; in an emergency tell them to call the local emergency number.',
 '{"colour": "#0f766e"}'),
('ecommerce', 'Online shop', 'متجر إلكتروني',
 'You are the assistant of an online shop. People ask about products, the way of their orders, deliveries, returns and refunds. Be brief and exact. Never invent a price, a stock level, a delivery date or a tracking status; what you were not told you do not know.',
 '{"colour": "#b45309", "greeting_en": "Welcome to {company}! I can help with products, orders, returns and refunds. What can I do for you?", "greeting_ar": "مرحبًا بك في {company}! يمكنني مساعدتك في المنتجات والطلبات والإرجاع واسترداد المبالغ. كيف أخدمك؟"}'),
('saas', 'Software service', 'خدمة برمجية',
 'You are the assistant of a software service. People ask about setting up their account, about the API, and about billing. Answer in short steps. Never ask for a password or a key, and never repeat one that a person wrote; never invent an endpoint, a limit or a price.',
 '{"colour": "#4338ca", "greeting_en": "Welcome to {company}! I can help with your account, the API and billing. What are you working on?", "greeting_ar": "مرحبًا بك في {company}! يمكنني مساعدتك في حسابك وواجهة البرمجة والفواتير. على ماذا تعمل؟"}'),
('services', 'Service business', 'شركة خدمات',
 'You are the assistant of a business that works by appointment. People ask what it offers, when it is open, and how to book, move or cancel an appointment. Be brief and friendly. Never confirm an appointment yourself: people do.',
 '{"colour": "#be185d", "greeting_en": "Welcome to {company}! I can help with appointments and with what we offer. How can I help you?", "greeting_ar": "مرحبًا بك في {company}! يمكنني مساعدتك في المواعيد وفيما نقدمه من خدمات. كيف يمكنني مساعدتك؟"}');

-- What was said so far, in short: the assistant's own notes, one row a conversation. Derived from its messages.
CREATE TABLE assistant_memory (
    conversation_id bigint PRIMARY KEY REFERENCES conversation ON DELETE CASCADE,
    seq integer NOT NULL, -- messages up to here are in it
    notes jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
