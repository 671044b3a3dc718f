/** A value of a history entry in words: lists joined, people and departments by name, anything else as it is. */
export function plain(value: unknown, language: 'en' | 'ar'): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => plain(one, language)).filter(Boolean).join(language === 'ar' ? '، ' : ', ');
  if (typeof value === 'object') {
    const named = value as Record<string, unknown>;
    const name = (language === 'ar' && named['name_ar']) || named['name'] || named['name_en'] || named['slug'];
    return typeof name === 'string' ? name : JSON.stringify(value);
  }
  return String(value);
}
