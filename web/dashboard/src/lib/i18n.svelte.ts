import { translator, type Catalogue, type Params } from '../../../shared/i18n/translate.ts';
import type { Department } from '../../../shared/api/types.ts';
import adminArabic from '../i18n/admin.ar.json';
import adminEnglish from '../i18n/admin.en.json';
import arabic from '../i18n/ar.json';
import english from '../i18n/en.json';
import { remember } from './storage.ts';

export type Language = 'en' | 'ar';
export type Key = keyof typeof english | keyof typeof adminEnglish;

const catalogues: Record<Language, Catalogue> = { en: { ...english, ...adminEnglish }, ar: { ...arabic, ...adminArabic } };
// Western digits in both languages: they stand beside phone numbers, ids and amounts.
const locales: Record<Language, string> = { en: 'en-GB', ar: 'ar-u-nu-latn-ca-gregory' };

class I18n {
  language = $state<Language>(document.documentElement.lang === 'ar' ? 'ar' : 'en');
  readonly locale = $derived(locales[this.language]);
  readonly translate = $derived(translator(this.language, catalogues[this.language], catalogues.en));
  readonly #time = $derived(new Intl.DateTimeFormat(this.locale, { hour: '2-digit', minute: '2-digit', hour12: false }));
  readonly #day = $derived(new Intl.DateTimeFormat(this.locale, { weekday: 'long', day: 'numeric', month: 'long' }));
  readonly #full = $derived(new Intl.DateTimeFormat(this.locale, { dateStyle: 'medium', timeStyle: 'short', hour12: false }));
  readonly #number = $derived(new Intl.NumberFormat(this.locale, { maximumFractionDigits: 1 }));

  constructor() {
    // Chosen in another tab: the tabs of one person speak one language.
    addEventListener('storage', ({ key, newValue }) => {
      if (key === 'cc-language' && newValue) this.use(newValue === 'ar' ? 'ar' : 'en');
    });
  }

  use(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
    document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
    remember('cc-language', language);
  }

  time(at: string): string {
    return this.#time.format(new Date(at));
  }

  dateTime(at: string): string {
    return this.#full.format(new Date(at));
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** "Today", "Yesterday" or the date. */
  day(at: string, now: number): string {
    const date = new Date(at);
    const days = Math.round((startOfDay(new Date(now)) - startOfDay(date)) / 86_400_000);
    if (days === 0) return this.translate('day.today');
    if (days === 1) return this.translate('day.yesterday');
    return this.#day.format(date);
  }

  duration(seconds: number): string {
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return this.translate('duration.now');
    if (minutes < 60) return this.translate('duration.minutes', { n: minutes });
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return this.translate('duration.hours', { h: hours, m: minutes % 60 });
    return this.translate('duration.days', { n: Math.floor(hours / 24) });
  }

  /** Names after one another. */
  list(names: readonly string[]): string {
    return names.join(this.language === 'ar' ? '، ' : ', ');
  }

  /** What the server says of its own accord comes in both languages; other texts have one. */
  either(english: string | null | undefined, arabic: string | null | undefined): string | null {
    return (this.language === 'ar' && arabic) || english || null;
  }

  department(department: Department): string {
    return this.both(department.name_en, department.name_ar) || department.slug;
  }

  /** What is there in both languages, in the reader's. */
  both(en: string, ar: string): string {
    return (this.language === 'ar' && ar) || en;
  }
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

export const i18n = new I18n();

/** The text for a key in the chosen language; reactive inside components. */
export function t(key: Key, params?: Params): string {
  return i18n.translate(key, params);
}
