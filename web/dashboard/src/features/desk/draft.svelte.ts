import type { CompanyHours, Desk, DeskState } from '../../../../shared/api/admin.ts';
import { api } from '../session/session.svelte.ts';
import { Form } from '../settings/form.svelte.ts';
import { spansOf, tidy, weekOf, type Interval } from './hours.ts';

const empty: Desk = {
  assignment: 'manual',
  accept_seconds: 0,
  queue_limit: null,
  time_zone: 'UTC',
  hours: [],
  holidays: [],
  skills_required: [],
  full_answer_en: '',
  full_answer_ar: '',
};

/** A desk being edited: nothing is sent before "Save", and "Discard" gives back what the server has. */
export class DeskDraft {
  readonly slug: string;
  readonly form = new Form();
  values = $state<Desk>(structuredClone(empty));
  week = $state.raw<Interval[][]>(weekOf([]));
  /** What counts while this department has no hours of its own. */
  company = $state.raw<CompanyHours | null>(null);
  #stored = $state.raw('');
  readonly changed = $derived(this.#stored !== '' && this.#stored !== JSON.stringify(this.#body()));

  constructor(slug: string) {
    this.slug = slug;
  }

  get #path(): string {
    return `/departments/${encodeURIComponent(this.slug)}/desk`;
  }

  async load(): Promise<void> {
    const desk = await api.get<Partial<DeskState>>(this.#path);
    this.company = desk.company_hours ?? null;
    this.#take(desk);
  }

  async save(): Promise<boolean> {
    const body = this.#body();
    // An empty answer is not sent: the server keeps the one it has.
    const { full_answer_en, full_answer_ar, ...rest } = body;
    const answers = { ...(full_answer_en.trim() && { full_answer_en }), ...(full_answer_ar.trim() && { full_answer_ar }) };
    const saved = await this.form.submit(() => api.put(this.#path, { ...rest, ...answers }));
    if (saved) this.#take(body);
    return saved;
  }

  discard(): void {
    this.#take(JSON.parse(this.#stored) as Desk);
  }

  #take(desk: Partial<Desk>): void {
    const known = Object.fromEntries(Object.entries(desk).filter(([name]) => name in empty));
    this.values = structuredClone({ ...empty, ...known });
    this.week = weekOf(this.values.hours);
    this.#stored = JSON.stringify(this.#body());
  }

  #body(): Desk {
    const { values } = this;
    return {
      ...$state.snapshot(values),
      accept_seconds: Number(values.accept_seconds) || 0,
      queue_limit: values.queue_limit === null ? null : Number(values.queue_limit),
      hours: spansOf(this.week.map(tidy)),
      holidays: $state.snapshot(values.holidays).filter((holiday) => holiday.date).sort((a, b) => (a.date < b.date ? -1 : 1)),
    };
  }
}
