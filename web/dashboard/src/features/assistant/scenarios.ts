// A scenario as the API has it, and the numbers of its form. Pure.

export interface Thresholds {
  answer: number;
  suggest: number;
  mood: number;
  failures: number;
  repetitions: number;
  window: number;
}

export interface Scenario {
  scenario_id: string;
  slug: string;
  name_en: string;
  name_ar: string;
  prompt: string;
  default_language: 'en' | 'ar';
  branding: { colour: string; assistant_name: string; greeting_en: string; greeting_ar: string };
  intake: boolean;
  thresholds: Thresholds;
  active: boolean;
  is_default: boolean;
}

export interface Limit {
  key: keyof Thresholds;
  min: number;
  max: number;
  step: number;
}

/** The bounds that the server has, so that the form stops what would be refused. */
export const limits: readonly Limit[] = [
  { key: 'answer', min: 0, max: 1, step: 0.05 },
  { key: 'suggest', min: 0, max: 1, step: 0.05 },
  { key: 'mood', min: -1, max: 0, step: 0.05 },
  { key: 'failures', min: 1, max: 10, step: 1 },
  { key: 'repetitions', min: 2, max: 10, step: 1 },
  { key: 'window', min: 2, max: 50, step: 1 },
];

export function blank(): Scenario {
  return {
    scenario_id: '',
    slug: '',
    name_en: '',
    name_ar: '',
    prompt: '',
    default_language: 'en',
    branding: { colour: '', assistant_name: '', greeting_en: '', greeting_ar: '' },
    intake: false,
    thresholds: { answer: 0.6, suggest: 0.35, mood: -0.7, failures: 2, repetitions: 3, window: 12 },
    active: true,
    is_default: false,
  };
}

/** An answer worth saying is worth suggesting: what the two thresholds say against each other, as a key of a text. */
export function contradiction({ answer, suggest }: Thresholds): 'assistant.suggestAbove' | null {
  return suggest > answer ? 'assistant.suggestAbove' : null;
}

/** What is sent: the short name only for a new one, and never what the server keeps itself. */
export function bodyOf(values: Scenario, fresh: boolean): Record<string, unknown> {
  const { slug, name_en, name_ar, prompt, default_language, branding, intake, thresholds, active } = values;
  const body = { name_en: name_en.trim(), name_ar: name_ar.trim(), prompt, default_language, branding, intake, thresholds, active };
  return fresh ? { slug: slug.trim(), ...body } : body;
}
