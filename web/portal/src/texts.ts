// Every word of the page, in both languages. A place in braces is filled at run time.
import { translator, type Translator } from '../../shared/i18n/translate.ts';

export type Language = 'en' | 'ar';

const en = {
  yourRequest: 'Your request',
  ask: 'How can we help?',
  askText: 'Write to us, and follow our answer here. We send the link to your e-mail address too.',
  name: 'Name',
  email: 'E-mail address',
  subject: 'Subject',
  description: 'What is it about?',
  send: 'Send',
  sending: 'Sending…',
  reply: 'Write to us',
  replyResolved: 'Something is still open? Write to us, and we go on.',
  number: 'Request {id}',
  opened: 'Opened {at}',
  with: '{name} takes care of it',
  messages: 'Messages',
  none: 'No answer yet. This page shows it as soon as it is there.',
  you: 'You',
  staff: 'Our team',
  newReply: 'New message from {name}',
  sent: 'Your message was sent.',
  closes: 'It closes on {at} if nothing more is needed.',
  closed: 'This request is closed.',
  another: 'Open a new request',
  unknown: 'This link opens no request',
  unknownText: 'It may be incomplete or too old. Use the newest link we sent you, or write to us anew.',
  loading: 'Loading…',
  offline: 'No connection. We keep trying; what you wrote stays here.',
  failed: 'That was not sent. Please try again.',
  tooMany: 'That was a lot at once. Please wait a little and try again.',
  correct: 'Please correct: {fields}',
  language: 'Language',
  dark: 'Dark',
  light: 'Light',
  'status.open': 'Received',
  'status.in_progress': 'In progress',
  'status.waiting_customer': 'Waiting for your answer',
  'status.on_hold': 'On hold',
  'status.resolved': 'Resolved',
  'status.closed': 'Closed',
};

export type TextKey = keyof typeof en;

const ar: Record<TextKey, string> = {
  yourRequest: 'طلبك',
  ask: 'كيف يمكننا مساعدتك؟',
  askText: 'اكتب لنا وتابع ردّنا هنا، ونرسل الرابط إلى بريدك الإلكتروني أيضًا.',
  name: 'الاسم',
  email: 'البريد الإلكتروني',
  subject: 'الموضوع',
  description: 'ما الموضوع؟',
  send: 'إرسال',
  sending: 'جارٍ الإرسال…',
  reply: 'اكتب لنا',
  replyResolved: 'هل بقي شيء؟ اكتب لنا لنواصل العمل عليه.',
  number: 'الطلب {id}',
  opened: 'فُتح في {at}',
  with: 'يتولّاه {name}',
  messages: 'الرسائل',
  none: 'لا ردّ بعد. يظهر هنا فور وصوله.',
  you: 'أنت',
  staff: 'فريقنا',
  newReply: 'رسالة جديدة من {name}',
  sent: 'أُرسلت رسالتك.',
  closes: 'يُغلق في {at} إن لم يبقَ شيء.',
  closed: 'هذا الطلب مغلق.',
  another: 'فتح طلب جديد',
  unknown: 'لا يفتح هذا الرابط أي طلب',
  unknownText: 'قد يكون ناقصًا أو قديمًا. استعمل أحدث رابط أرسلناه إليك، أو اكتب لنا من جديد.',
  loading: 'جارٍ التحميل…',
  offline: 'لا اتصال. نواصل المحاولة، وما كتبته محفوظ هنا.',
  failed: 'لم تُرسل. يرجى المحاولة مرة أخرى.',
  tooMany: 'محاولات كثيرة دفعة واحدة. انتظر قليلًا ثم أعد المحاولة.',
  correct: 'يرجى تصحيح: {fields}',
  language: 'اللغة',
  dark: 'داكن',
  light: 'فاتح',
  'status.open': 'وصلنا',
  'status.in_progress': 'قيد المعالجة',
  'status.waiting_customer': 'بانتظار ردّك',
  'status.on_hold': 'معلّق',
  'status.resolved': 'محلول',
  'status.closed': 'مغلق',
};

export const catalogues: Record<Language, Record<TextKey, string>> = { en, ar };

export function speaker(language: Language): (key: TextKey, params?: Record<string, string | number>) => string {
  const say: Translator = translator(language, catalogues[language]);
  return say;
}

/** Latin digits in Arabic too, as in the rest of the product. */
export function moment(at: string, language: Language): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language + '-u-nu-latn', { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}
