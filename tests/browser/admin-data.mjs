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
