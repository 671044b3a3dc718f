// What a server set up by somebody would answer: a small support centre.
import { answer, collection, single } from './admin-support.mjs';

const office = [1, 2, 3, 4, 5].flatMap((day) => [
  { day, from: '08:00', to: '13:00' },
  { day, from: '14:00', to: '17:30' },
]);

export const desk = () =>
  answerAny('/departments/([^/]+)/desk', {
    assignment: 'least_loaded',
    accept_seconds: 45,
    queue_limit: 20,
    time_zone: 'Africa/Harare',
    hours: [...office, { day: 6, from: '09:00', to: '12:00' }],
    holidays: [{ date: '2026-12-25', name: 'Christmas Day' }],
    skills_required: ['scholarships'],
    full_answer_en: 'All our colleagues are busy. Please leave your number and we call you back today.',
    full_answer_ar: 'جميع زملائنا مشغولون. اترك رقمك وسنتصل بك اليوم.',
  });

/** Every match of the path reads and replaces the same value. */
function answerAny(path, value) {
  return answer(path, ({ method, body }) => {
    if (method === 'PUT') value = { ...value, ...body };
    return value;
  });
}

export const skills = () => single('/staff/[^/]+/skills', { skills: [{ skill: 'scholarships', level: 4 }, { skill: 'Shona', level: 5 }], weight: 2 });

export const categories = () =>
  collection('/categories', 'slug', [
    { slug: 'education_scholarship', name_en: 'Education and scholarships', name_ar: 'التعليم والمنح', department: 'sales', keywords_en: ['scholarship', 'school fees', 'documents'], keywords_ar: ['منحة', 'رسوم دراسية'] },
    { slug: 'complaint', name_en: 'Complaint', name_ar: 'شكوى', department: 'complaints', keywords_en: ['complaint', 'refund', 'angry'], keywords_ar: ['شكوى', 'استرداد'] },
    { slug: 'health', name_en: 'Health', name_ar: 'الصحة', department: null, keywords_en: [], keywords_ar: [] },
  ]);

export const team = () => [desk(), skills(), categories()];

const words = (...value) => ({ field: 'text', op: 'has_any', value });

export const ruleList = () => [
  {
    rule_id: 'RULE-1', name: 'Critical severity goes to people at once', position: 10, active: true, events: ['new', 'message', 'handover'], match: 'all',
    conditions: [{ field: 'severity', op: 'is', value: 'critical' }],
    actions: [{ do: 'priority', value: 'emergency' }, { do: 'hand_over', value: 'critical severity' }],
    stop: false,
  },
  {
    rule_id: 'RULE-2', name: 'Complaints: to the complaints department, with a ticket', position: 20, active: true, events: ['new', 'message', 'handover'], match: 'all',
    conditions: [{ field: 'department', op: 'empty' }, words('complain*', 'unacceptable', 'terrible service', 'bad service', 'poor service', 'شكوى')],
    actions: [{ do: 'department', value: 'complaints' }, { do: 'priority', value: 'high' }, { do: 'create_ticket', value: 'complaint' }],
    stop: true,
  },
  {
    rule_id: 'RULE-3', name: 'Sales words: to sales', position: 30, active: true, events: ['new', 'message', 'handover'], match: 'all',
    conditions: [{ field: 'department', op: 'empty' }, words('buy', 'price', 'quote', 'شراء')],
    actions: [{ do: 'department', value: 'sales' }],
    stop: true,
  },
  {
    rule_id: 'RULE-4', name: 'Nothing matched: to reception', position: 900, active: false, events: ['handover'], match: 'all',
    conditions: [{ field: 'department', op: 'empty' }],
    actions: [{ do: 'department', value: 'reception' }],
    stop: false,
  },
];

/** What the server would answer to "try it": the sales rule matches its words, the others say why they do not. */
const trial = ({ body }) => {
  const sales = /price|buy/.test(body.text);
  const list = ruleList();
  const test = (condition, result, because, because_ar) => ({ condition, result, because, because_ar });
  return {
    trace: [
      { rule: { rule_id: 'RULE-1', name: list[0].name }, matched: false, conditions: [test(list[0].conditions[0], false, 'severity is low', 'severity هو low')], actions: [] },
      {
        rule: { rule_id: 'RULE-2', name: list[1].name }, matched: false, actions: [],
        conditions: [test(list[1].conditions[0], true, 'department is not known', 'department غير معروف'), test(list[1].conditions[1], false, 'the text has none of these words', 'لا يحتوي النص على أي من هذه الكلمات')],
      },
      {
        rule: { rule_id: 'RULE-3', name: list[2].name }, matched: sales, actions: sales ? list[2].actions : [],
        conditions: [test(list[2].conditions[0], true, 'department is not known', 'department غير معروف'), test(list[2].conditions[1], sales, 'the text has “price” (1/4 words)', 'يحتوي النص على «price» (1/4)')],
      },
      { rule: { rule_id: 'RULE-4', name: list[3].name }, matched: false, conditions: [], actions: [], note: 'an earlier rule ended the list', note_ar: 'أنهت قاعدة سابقة القائمة' },
    ],
    outcome: sales
      ? { department: 'sales', confidence: 0.75, priority: null, category: null, tags: [], required_fields: [], create_ticket: null, hand_over: null, notices: [] }
      : { department: null, confidence: 0, priority: null, category: null, tags: [], required_fields: [], create_ticket: null, hand_over: null, notices: [] },
  };
};

export const rules = () => [
  answer('/rules/try', trial),
  collection('/rules', 'rule_id', ruleList(), {
    prefix: 'RULE',
    refuse: ({ actions }) => actions?.some((action) => !action.value) && [{ field: `actions[${actions.findIndex((action) => !action.value)}]`, message: 'value must have 1 to 500 characters' }],
  }),
];

export const sla = () => [
  collection('/sla-policies', 'policy_id', [
    { policy_id: 'SLA-1', name: 'Emergency', department: null, category: null, priority: 'emergency', first_response_minutes: 15, resolution_minutes: 240, reminder_minutes: 5, business_hours: false, active: true },
    { policy_id: 'SLA-2', name: 'Normal', department: null, category: null, priority: null, first_response_minutes: 240, resolution_minutes: 1440, reminder_minutes: 30, business_hours: true, active: true },
    { policy_id: 'SLA-3', name: 'Sales, urgent', department: 'sales', category: null, priority: 'high', first_response_minutes: 30, resolution_minutes: 90, reminder_minutes: 0, business_hours: true, active: true },
    { policy_id: 'SLA-4', name: 'Complaints', department: null, category: 'complaint', priority: null, first_response_minutes: 60, resolution_minutes: 480, reminder_minutes: 30, business_hours: true, active: false },
  ], { prefix: 'SLA' }),
];

export const work = () => [...rules(), ...sla()];

export const templates = () =>
  collection('/templates', 'template_id', [
    { template_id: 'TPL-1', name: 'Missing documents', shortcut: 'docs', body_en: 'Hello {{customer.first_name}}, we still need a bank statement and a letter from your school.', body_ar: 'مرحباً {{customer.first_name}}، ما زلنا نحتاج إلى كشف حساب ورسالة من مدرستك.', department: 'scholarship', tags: ['scholarship'], uses: 41 },
    { template_id: 'TPL-2', name: 'Goodbye', shortcut: 'bye', body_en: 'Thank you for writing to {{company}}. Have a good day!', body_ar: '', department: null, tags: [], uses: 1203 },
  ], { prefix: 'TPL', refuse: (body) => body.shortcut?.includes(' ') && [{ field: 'shortcut', message: 'must be one word without a slash' }] });

export const macros = () =>
  collection('/macros', 'macro_id', [
    { macro_id: 'MAC-1', name: 'Wait for documents', steps: [{ do: 'send', value: 'template:docs' }, { do: 'tag', value: 'documents' }, { do: 'status', value: 'on_hold' }] },
    { macro_id: 'MAC-2', name: 'To complaints', steps: [{ do: 'department', value: 'complaints' }, { do: 'priority', value: 'high' }, { do: 'note', value: 'Angry; please call today' }] },
  ], { prefix: 'MAC' });

export const content = () => [templates(), macros(), analysis()];

export const analysis = () =>
  answer('/analysis', ({ body }) => ({
    language: /\p{Script=Arabic}/u.test(body.text) ? 'ar' : 'en', sentiment: 'negative', sentiment_score: -0.72, department: 'complaints', category: 'complaint', department_confidence: 0.85,
    severity: 'high', priority: 'high', handover: { needed: true, confidence: 0.82, reason: 'asks to be called by a person' },
    phone: { e164: '+263772123456', country: 'ZW', valid: true }, emails: ['john@example.org'],
    reasons: [
      { what: 'language', because: 'most letters are Latin' },
      { what: 'sentiment', because: '“unacceptable”, “nobody answers”' },
      { what: 'department', because: 'complaint word “unacceptable”' },
      { what: 'severity', because: 'strong complaint, waiting for three weeks' },
      { what: 'priority', because: 'severity is high' },
      { what: 'phone', because: '“0772 123 456” read as a number of ZW' },
    ],
  }));

const minute = (n) => new Date(Date.UTC(2026, 10, 20, 9, n)).toISOString();

export const webhooks = () => [
  answer('/webhooks/[^/]+/deliveries', () => ({
    items: [
      { delivery_id: 'DLV-3', type: 'message.new', state: 'sent', created_at: minute(40), done_at: minute(40), next_attempt_at: null, attempts: [{ at: minute(40), status: 200, error: '', took_ms: 84 }], payload: { type: 'message.new', data: { message: 'Hello' } } },
      { delivery_id: 'DLV-2', type: 'conversation.new', state: 'waiting', created_at: minute(30), done_at: null, next_attempt_at: minute(45), attempts: [{ at: minute(30), status: 503, error: 'HTTP 503', took_ms: 201 }, { at: minute(31), status: 0, error: 'connection refused', took_ms: 3 }] },
      { delivery_id: 'DLV-1', type: 'message.new', state: 'dead', created_at: minute(2), done_at: minute(5), next_attempt_at: null, attempts: [{ at: minute(2), status: 410, error: 'HTTP 410', took_ms: 90 }] },
    ],
    next_cursor: null,
  })),
  answer('/webhooks/[^/]+/test', () => ({ outbox_id: 'OUT-9' })),
  answer('/webhook-deliveries/[^/]+/replay', () => ({ outbox_id: 'OUT-1' })),
  answer('/webhooks/[^/]+/secret', () => ({ webhook_id: 'WHK-1', url: 'https://crm.example.org/hooks/chat', events: ['message.new'], active: true, secret: 'whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vaw' })),
  collection('/webhooks', 'webhook_id', [
    { webhook_id: 'WHK-1', url: 'https://crm.example.org/hooks/chat', events: ['conversation.new', 'message.new'], active: true, failing_since: null, disabled_reason: '', former_secret_until: null, secret: null },
    { webhook_id: 'WHK-2', url: 'https://old.example.org/in', events: ['ticket.new'], active: false, failing_since: minute(1), disabled_reason: 'No delivery has arrived for three days.', former_secret_until: null, secret: null },
  ], { prefix: 'WHK', made: () => ({ secret: 'whsec_c2VjcmV0LW9mLXRoZS13ZWJob29r' }), refuse: (body) => body.url && !body.url.startsWith('https://') && [{ field: 'url', message: 'must begin with https://' }] }),
];

const dead = () => [
  { outbox_id: 'OUT-4', kind: 'mail', recipient: 'grace@example.org', subject: 'A ticket is overdue', state: 'dead', attempts: 8, last_status: 550, last_error: 'mailbox unavailable', created_at: minute(1) },
  { outbox_id: 'OUT-5', kind: 'slack', recipient: 'hooks.slack.com', subject: 'handover', state: 'dead', attempts: 8, last_status: 404, last_error: 'no_service', created_at: minute(3) },
];

export const integrations = () => [
  answer('/integrations/[^/]+/test', () => ({ outbox_id: 'OUT-7' })),
  answer('/outbox/OUT-7', () => ({ outbox_id: 'OUT-7', kind: 'slack', recipient: 'hooks.slack.com', subject: 'test', state: 'sent', attempts: 1, last_error: '', created_at: minute(0) })),
  collection('/integrations', 'integration_id', [{ integration_id: 'INT-1', kind: 'slack', name: '#support', url_host: 'hooks.slack.com', events: ['handover', 'sla'], active: true }], { prefix: 'INT' }),
];

export const mail = () => [
  answer('/mail/test', () => ({ outbox_id: 'OUT-7' })),
  answer('/mail/status', () => ({ configured: true, server: 'smtp.example.org', tls: true, from: 'support@example.org', waiting: 0, dead: 1, last_sent_at: minute(20), last_failure_at: minute(1), last_error: 'mailbox unavailable' })),
];

export const outbox = () => [
  answer('/outbox/[^/]+/retry', ({ url }) => ({ outbox_id: url.pathname.split('/').at(-2), state: 'waiting' })),
  answer('/outbox', () => ({ items: dead(), next_cursor: null })),
];

export const connections = () => [...webhooks(), ...integrations(), ...mail(), ...outbox()];

/** A colleague's conversation: why they have it, and a supervisor who may look on. */
export const conversation = () => {
  const present = { watching: [{ staff_id: 'STF-9', name: 'Grace', since: minute(1) }], joined: [] };
  const me = { staff_id: 'STF-1', name: 'Admin', since: minute(2) };
  const set = (list, on) => (present[list] = [...present[list].filter((one) => one.staff_id !== me.staff_id), ...(on ? [me] : [])]);
  return [
    answer('/conversations/[^/]+/decisions', () => ({
      items: [
        {
          at: minute(1), kind: 'rules', chosen: null, reason: 'A rule moved it to Sales.', reason_ar: 'نقلتها قاعدة إلى المبيعات.', candidates: [],
          trace: trial({ body: { text: 'price' } }).trace,
        },
        {
          at: minute(2), kind: 'assigned', chosen: { staff_id: 'STF-2', name: 'Alice' }, reason: 'Alice has the fewest chats for her weight.', reason_ar: 'لدى Alice أقل عدد من المحادثات بالنسبة إلى وزنها.',
          candidates: [
            { staff_id: 'STF-2', name: 'Alice', eligible: true, why: 'free', why_ar: 'متاح', load: 1, idle_seconds: 340, score: 0.5 },
            { staff_id: 'STF-3', name: 'Bob', eligible: true, why: 'free', why_ar: 'متاح', load: 3, idle_seconds: 20, score: 1.5 },
            { staff_id: 'STF-4', name: 'Grace', eligible: false, why: 'lacks the skill scholarships', why_ar: 'تنقصه مهارة scholarships', load: 0 },
            { staff_id: 'STF-5', name: 'Mark', eligible: false, why: 'is away', why_ar: 'بعيد', load: 0 },
          ],
        },
      ],
    })),
    answer('/conversations/[^/]+/supervision', () => present),
    answer('/conversations/([^/]+)/watch', ({ method, parts }) => {
      set('watching', method === 'POST');
      return { conversation_id: parts[0], watching: method === 'POST' };
    }),
    answer('/conversations/([^/]+)/whisper', ({ body }) => ({ note_id: `NOTE-${body.body.length}`, body: body.body, at: new Date().toISOString(), staff_id: 'STF-1', name: 'Admin', kind: 'whisper' })),
    answer('/conversations/([^/]+)/barge', ({ method, parts }) => {
      set('joined', method === 'POST');
      return method === 'POST' ? { conversation_id: parts[0], joined: true, held_by: { staff_id: 'STF-2', name: 'Alice' }, since: minute(3) } : undefined;
    }),
  ];
};

const card = {
  scorecard_id: 'SCC-1', name: 'Conversation quality', active: true,
  criteria: [
    { id: 'greeting', label_en: 'Greets, gives name and team', label_ar: 'التحية وذكر الاسم والفريق', weight: 1, scale: 5 },
    { id: 'understanding', label_en: 'Understands what is asked', label_ar: 'فهم المطلوب', weight: 2, scale: 5 },
    { id: 'accuracy', label_en: 'Answers correctly and completely', label_ar: 'صحة الإجابة واكتمالها', weight: 3, scale: 5 },
  ],
};

const grace = { staff_id: 'STF-9', name: 'Grace' };
const alice = { staff_id: 'STF-2', name: 'Alice' };
const review = { review_id: 'REV-1', conversation_id: 'CONV-12', scorecard_id: 'SCC-1', scorecard_name: 'Conversation quality', staff: alice, reviewer: grace, scores: { greeting: 5, understanding: 4, accuracy: 4 }, total: 83.33, comment: 'Clear and kind; the list of documents could have come sooner.', at: minute(20) };
const months = (...averages) => averages.flatMap((average, index) => (average ? [{ month: `2026-${String(index + 4).padStart(2, '0')}`, average, reviews: 2 + index }] : []));

export const quality = () => [
  collection('/scorecards', 'scorecard_id', [card], { prefix: 'SCC' }),
  answer('/conversations/[^/]+/reviews', () => ({ items: [review], next_cursor: null })),
  answer('/reviews/summary', () => ({
    months: months(66, 70, 71, 0, 78, 80, 84, 86), average: 76.4, reviews: 41, trend: 2.8,
    staff: [
      { staff: alice, average: 81.2, reviews: 22, trend: 3.4, months: months(62, 70, 78, 0, 84, 88, 91, 92) },
      { staff: { staff_id: 'STF-3', name: 'Bob' }, average: 69.5, reviews: 19, trend: -1.2, months: months(72, 70, 71, 68, 70, 69, 66, 67) },
    ],
  })),
  collection('/reviews', 'review_id', [review], { prefix: 'REV' }),
  collection('/calibrations', 'conversation_id', [
    { conversation_id: 'CONV-12', scorecard_id: 'SCC-1', scorecard_name: 'Conversation quality', staff: alice, mean: 76, spread: 24, criterion_spread: { accuracy: 3, greeting: 0, understanding: 1 }, reviews: [{ reviewer: grace, total: 88, leaning: 12 }, { reviewer: { staff_id: 'STF-1', name: 'Admin' }, total: 64, leaning: -12 }] },
    { conversation_id: 'CONV-8', scorecard_id: 'SCC-1', scorecard_name: 'Conversation quality', staff: alice, mean: 80, spread: 0, criterion_spread: {}, reviews: [{ reviewer: grace, total: 80, leaning: 0 }, { reviewer: { staff_id: 'STF-1', name: 'Admin' }, total: 80, leaning: 0 }] },
  ]),
  collection('/examples', 'example_id', [
    { example_id: 'EXA-1', note: 'How to ask for a missing document without blame', category: 'education_scholarship', department: 'scholarship', language: 'en', made_by: grace, at: minute(4), messages: [{ role: 'user', message: 'Hello, I am [customer], my number is [phone]' }, { role: 'staff', message: 'Hello [customer], one paper is still missing: a letter from your school.' }] },
  ]),
  answer('/faq-candidates', () => ({
    items: [
      { candidate_id: 'FAQ-1', question: 'How can I send my transcript to you?', answer: 'You can send it by e-mail or bring it to our office on any weekday before noon.', language: 'en', category: 'education_scholarship', asked: 3, rating: 5, status: 'open', conversation_id: 'CONV-12', article_id: null },
      { candidate_id: 'FAQ-2', question: 'متى يبدأ التسجيل للدورة المسائية؟', answer: 'يبدأ التسجيل في أول يوم من كل شهر، ويمكنك أن تسجّل في المكتب أو من الموقع.', language: 'ar', category: '', asked: 1, rating: null, status: 'open', conversation_id: 'CONV-8', article_id: null },
    ],
    next_cursor: null,
  })),
  answer('/faq-candidates/[^/]+/(approve|reject)', () => ({ candidate_id: 'FAQ-1', status: 'approved', article_id: 'ART-90' })),
  answer('/evaluations', () => ({
    items: [
      { run_id: 'RUN-2', source: 'database', at: minute(6), threshold: 0.6, questions: 412, answered: 301, judged: 88, correct: 81 },
      { run_id: 'RUN-1', source: 'questions.tsv', at: minute(2), threshold: 0.6, questions: 300, answered: 240, judged: 0, correct: 0 },
    ],
  })),
  answer('/training-examples', () => ({ items: [], next_cursor: null, counts: { intent: 41, answer: 126 } })),
  answer('/conversations/[^/]+/example', ({ body }) => ({ example_id: 'EXA-2', note: body.note, messages: [], at: minute(5) })),
];
