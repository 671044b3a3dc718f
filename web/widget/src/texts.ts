// Every word the widget says. A place in braces is filled at run time.
import type { Language } from './config.ts';

const en = {
  title: 'Chat with us',
  open: 'Open chat',
  close: 'Close chat',
  unread: 'Unread messages: {n}',
  hello: 'How can we help?',
  intro: 'Our assistant answers at once. You can talk to a person whenever you like.',
  optional: 'optional',
  name: 'Name',
  email: 'E-mail',
  badEmail: 'This e-mail address does not look right.',
  compose: 'Write a message',
  reopen: 'Write to continue this chat',
  send: 'Send',
  person: 'Talk to a person',
  starting: 'Starting the chat…',
  loading: 'Loading your chat…',
  assistant: 'Assistant',
  queue: 'Waiting for a person',
  place: 'You are number {n} in line',
  staff: '{name} is with you',
  someone: 'Our team',
  resolved: 'This chat is resolved',
  closed: 'This chat is closed',
  lost: 'This chat is no longer available',
  again: 'Start a new chat',
  log: 'Messages',
  earlier: 'Show earlier messages',
  latest: 'Newest messages',
  writes: '{name} is writing',
  sending: 'Sending…',
  sent: 'Sent',
  waiting: 'Not sent yet.',
  failed: 'Not sent.',
  retry: 'Try again',
  you: 'You',
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  offline: 'You are offline. Your messages are kept.',
  busy: 'We are very busy. Please try again shortly.',
  refused: 'That did not work. Please try again.',
  rate: 'How was this chat?',
  score: '{n} of 5',
  comment: 'Tell us more (optional)',
  sendRating: 'Send rating',
  thanks: 'Thank you for your rating.',
};

export type TextKey = keyof typeof en;

const ar: Record<TextKey, string> = {
  title: 'تحدث معنا',
  open: 'فتح المحادثة',
  close: 'إغلاق المحادثة',
  unread: 'رسائل غير مقروءة: {n}',
  hello: 'كيف يمكننا مساعدتك؟',
  intro: 'يجيبك مساعدنا فورًا، ويمكنك التحدث إلى أحد موظفينا متى شئت.',
  optional: 'اختياري',
  name: 'الاسم',
  email: 'البريد الإلكتروني',
  badEmail: 'يبدو أن عنوان البريد الإلكتروني غير صحيح.',
  compose: 'اكتب رسالة',
  reopen: 'اكتب لمتابعة هذه المحادثة',
  send: 'إرسال',
  person: 'التحدث إلى موظف',
  starting: 'جارٍ بدء المحادثة…',
  loading: 'جارٍ تحميل محادثتك…',
  assistant: 'المساعد',
  queue: 'في انتظار أحد الموظفين',
  place: 'دورك رقم {n} في الانتظار',
  staff: '{name} معك الآن',
  someone: 'فريقنا',
  resolved: 'تم حل هذه المحادثة',
  closed: 'هذه المحادثة مغلقة',
  lost: 'لم تعد هذه المحادثة متاحة',
  again: 'بدء محادثة جديدة',
  log: 'الرسائل',
  earlier: 'عرض الرسائل السابقة',
  latest: 'أحدث الرسائل',
  writes: '{name} يكتب الآن',
  sending: 'جارٍ الإرسال…',
  sent: 'أُرسلت',
  waiting: 'لم تُرسل بعد.',
  failed: 'لم تُرسل.',
  retry: 'إعادة المحاولة',
  you: 'أنت',
  connecting: 'جارٍ الاتصال…',
  reconnecting: 'جارٍ إعادة الاتصال…',
  offline: 'أنت غير متصل بالإنترنت. رسائلك محفوظة.',
  busy: 'نواجه ضغطًا كبيرًا. يرجى المحاولة بعد قليل.',
  refused: 'تعذر تنفيذ ذلك. يرجى المحاولة مرة أخرى.',
  rate: 'كيف كانت هذه المحادثة؟',
  score: '{n} من 5',
  comment: 'أخبرنا بالمزيد (اختياري)',
  sendRating: 'إرسال التقييم',
  thanks: 'شكرًا لتقييمك.',
};

export const catalogues: Record<Language, Record<TextKey, string>> = { en, ar };

/** Texts, numbers and dates of one language. */
export class Words {
  readonly language: Language;
  readonly #texts: Record<TextKey, string>;
  readonly #tag: string;
  readonly #time: Intl.DateTimeFormat;

  constructor(language: Language) {
    this.language = language;
    this.#texts = catalogues[language];
    // Latin digits in Arabic too, as in the rest of the product.
    this.#tag = language + '-u-nu-latn';
    this.#time = new Intl.DateTimeFormat(this.#tag, { hour: 'numeric', minute: '2-digit' });
  }

  get direction(): 'ltr' | 'rtl' {
    return this.language === 'ar' ? 'rtl' : 'ltr';
  }

  say(key: TextKey, places: Record<string, string | number> = {}): string {
    return this.#texts[key].replace(/\{(\w+)\}/g, (_, place: string) => String(places[place] ?? ''));
  }

  time(at: string): string {
    return valid(at) ? this.#time.format(new Date(at)) : '';
  }

  /** "Today", "Yesterday", else the date; with the year when it is not this one. */
  day(at: string, now = new Date()): string {
    if (!valid(at)) return '';
    const date = new Date(at);
    const days = Math.round((midnight(date) - midnight(now)) / 86_400_000);
    if (days === 0 || days === -1) {
      const word = new Intl.RelativeTimeFormat(this.#tag, { numeric: 'auto' }).format(days, 'day');
      return word.charAt(0).toLocaleUpperCase(this.language) + word.slice(1);
    }
    return new Intl.DateTimeFormat(this.#tag, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
    }).format(date);
  }
}

function midnight(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function valid(at: string): boolean {
  return !Number.isNaN(Date.parse(at));
}
