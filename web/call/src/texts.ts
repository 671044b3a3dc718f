// Every word of the page, in both languages. A place in braces is filled at run time.
import { translator, type Translator } from '../../shared/i18n/translate.ts';
import type { Call } from './api.ts';

export type Language = 'en' | 'ar';

const en = {
  title: 'Call us',
  intro: 'A few questions first, so that the right colleague can help you. You can ask for a person at any time.',
  start: 'Start the call',
  starting: 'Connecting…',
  again: 'Start a new call',
  language: 'Language',
  dark: 'Dark',
  light: 'Light',
  transcript: 'What was said',
  you: 'You',
  assistant: 'Assistant',
  answer: 'Your answer',
  send: 'Send',
  panel: 'What we have noted',
  name: 'Name',
  phone: 'Phone',
  email: 'E-mail',
  service: 'Matter',
  department: 'Department',
  ticket: 'Ticket',
  nothing: 'Not yet',
  'department.reception': 'Reception',
  'department.sales': 'Sales',
  'department.complaints': 'Complaints',
  controls: 'Call controls',
  hold: 'Hold',
  unhold: 'Go on',
  mute: 'Mute sound',
  unmute: 'Sound on',
  person: 'Talk to a person',
  end: 'End the call',
  steps: 'Step {now} of {all}',
  yes: 'Yes, correct',
  change: 'Change something',
  skip: 'Skip',
  sales: 'Sales',
  complaint: 'A complaint',
  other: 'Something else',
  offline: 'No connection. We keep trying; what you wrote stays here.',
  failed: 'That was not sent. Please try again.',
  busy: 'That was a lot at once. Please wait a little.',
  off: 'Calls are switched off at the moment.',
  'status.connecting': 'Connecting',
  'status.active': 'Connected',
  'status.waiting': 'Waiting for a colleague',
  'status.person': 'With {name}',
  'status.on_hold': 'On hold',
  'status.paused': 'Paused, write any time',
  'status.ended': 'Ended',
};

export type TextKey = keyof typeof en;

const ar: Record<TextKey, string> = {
  title: 'اتصل بنا',
  intro: 'بعض الأسئلة أولًا ليتمكن الزميل المناسب من مساعدتك. يمكنك طلب موظف في أي وقت.',
  start: 'ابدأ المكالمة',
  starting: 'جارٍ الاتصال…',
  again: 'ابدأ مكالمة جديدة',
  language: 'اللغة',
  dark: 'داكن',
  light: 'فاتح',
  transcript: 'ما قيل',
  you: 'أنت',
  assistant: 'المساعد',
  answer: 'إجابتك',
  send: 'إرسال',
  panel: 'ما سجّلناه',
  name: 'الاسم',
  phone: 'الهاتف',
  email: 'البريد الإلكتروني',
  service: 'الموضوع',
  department: 'القسم',
  ticket: 'التذكرة',
  nothing: 'ليس بعد',
  'department.reception': 'الاستقبال',
  'department.sales': 'المبيعات',
  'department.complaints': 'الشكاوى',
  controls: 'التحكم في المكالمة',
  hold: 'انتظار',
  unhold: 'متابعة',
  mute: 'كتم الصوت',
  unmute: 'تشغيل الصوت',
  person: 'التحدث مع موظف',
  end: 'إنهاء المكالمة',
  steps: 'الخطوة {now} من {all}',
  yes: 'نعم، صحيح',
  change: 'تعديل شيء',
  skip: 'تخطي',
  sales: 'المبيعات',
  complaint: 'شكوى',
  other: 'أمر آخر',
  offline: 'لا اتصال. نواصل المحاولة، وما كتبته محفوظ هنا.',
  failed: 'لم تُرسل. يرجى المحاولة مرة أخرى.',
  busy: 'محاولات كثيرة دفعة واحدة. انتظر قليلًا.',
  off: 'المكالمات متوقفة حاليًا.',
  'status.connecting': 'جارٍ الاتصال',
  'status.active': 'متصل',
  'status.waiting': 'بانتظار أحد الزملاء',
  'status.person': 'مع {name}',
  'status.on_hold': 'في الانتظار',
  'status.paused': 'متوقفة مؤقتًا، اكتب متى شئت',
  'status.ended': 'انتهت',
};

export const catalogues: Record<Language, Record<TextKey, string>> = { en, ar };

export type Say = (key: TextKey, params?: Record<string, string | number>) => string;

export function speaker(language: Language): Say {
  const say: Translator = translator(language, catalogues[language]);
  return say;
}

export interface Choice {
  label: TextKey;
  text: string;
}

/** Answers that fit the question, for those who would rather press than type. */
export function choices(call: Call): Choice[] {
  if (call.status === 'ended' || call.handling === 'agent') return [];
  if (call.stage === 'confirm_data')
    return [
      { label: 'yes', text: '1' },
      { label: 'change', text: '2' },
    ];
  if (call.stage === 'collect_email') return [{ label: 'skip', text: call.language === 'ar' ? 'تخطي' : 'skip' }];
  if (call.stage === 'collect_service_type')
    return [
      { label: 'sales', text: '1' },
      { label: 'complaint', text: '2' },
      { label: 'other', text: '3' },
    ];
  return [];
}

/** The documented departments by their name; others by what admins called them. */
export function department(slug: string | null, say: Say): string {
  const key = `department.${slug}`;
  return key in en ? say(key as TextKey) : (slug ?? '');
}

/** What the status indicator says, and how it looks. */
export function status(call: Call | null, person: string | null): { key: TextKey; tone: 'live' | 'wait' | 'off' } {
  if (!call) return { key: 'status.connecting', tone: 'wait' };
  if (call.status === 'ended') return { key: 'status.ended', tone: 'off' };
  if (call.status === 'on_hold') return { key: 'status.on_hold', tone: 'wait' };
  if (person) return { key: 'status.person', tone: 'live' };
  if (call.handling === 'agent') return { key: 'status.waiting', tone: 'wait' };
  if (call.status === 'paused') return { key: 'status.paused', tone: 'wait' };
  return { key: 'status.active', tone: 'live' };
}

export interface Line {
  sequence: number;
  speaker: string;
  speaker_name: string;
  text: string;
}

/** One line more, in its place; the same one twice is one. */
export function withLine(lines: Line[], line: Line): Line[] {
  if (lines.some((l) => l.sequence === line.sequence)) return lines;
  return [...lines, line].sort((a, b) => a.sequence - b.sequence);
}
