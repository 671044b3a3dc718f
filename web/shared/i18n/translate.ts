/**
 * A catalogue maps a key to a text with `{name}` places, or to one text per plural category of its
 * language ("one", "few", "other", …), chosen by the parameter `n`.
 */
export type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Readonly<Record<string, Entry>>;
export type Params = Readonly<Record<string, string | number>>;

export interface Translator {
  (key: string, params?: Params): string;
}

/**
 * A name in the other direction of writing stands between marks that keep its direction to itself.
 * Texts missing from `catalogue` come from `fallback`; a key missing from both is shown as it is.
 */
export function translator(language: string, catalogue: Catalogue, fallback: Catalogue = {}): Translator {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language, { numberingSystem: 'latn' });
  const otherWay = language === 'ar' ? /\p{Script=Latin}/u : /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
  return (key, params = {}) => {
    const entry = catalogue[key] ?? fallback[key];
    if (entry === undefined) return key;
    const text =
      typeof entry === 'string' ? entry : (entry[plural.select(Number(params['n'] ?? 0))] ?? entry.other ?? key);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = params[name];
      if (value === undefined) return place;
      if (typeof value === 'number') return number.format(value);
      return otherWay.test(value) ? `\u2068${value}\u2069` : value;
    });
  };
}
