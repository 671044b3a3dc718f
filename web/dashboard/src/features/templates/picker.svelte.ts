import { ApiError } from '../../../../shared/api/client.ts';
import type { Template } from '../../../../shared/api/desk.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { insertAt, slashAt, type Slash } from './slash.ts';

const PAUSE_MS = 120;

/** Templates offered while "/…" is typed in a composer: walked with the arrows, taken with Enter or Tab. */
export class Picker {
  items = $state.raw<readonly Template[]>([]);
  index = $state(0);
  busy = $state(false);
  #slash = $state.raw<Slash | null>(null);
  readonly #conversation: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Where a "/" stands that the writer does not want help with. */
  #refused: number | null = null;

  readonly open = $derived(this.#slash !== null && this.items.length > 0);
  readonly current = $derived(this.items[Math.min(this.index, this.items.length - 1)]);

  constructor(conversation: string) {
    this.#conversation = conversation;
  }

  /** To be told of every change of the text or the caret. */
  typed(text: string, caret: number): void {
    if (!session.may('template.read')) return;
    const slash = slashAt(text, caret);
    if (!slash) this.#refused = null;
    if (!slash || slash.from === this.#refused) return this.close();
    const again = this.#slash?.query === slash.query;
    this.#slash = slash;
    if (again) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(slash.query), PAUSE_MS);
  }

  /** True when the key was for the list. `take` gets the text with the template in it, and the caret. */
  key(event: KeyboardEvent, text: () => string, take: (text: string, caret: number) => void): boolean {
    if (!this.open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.index = (this.index + step + this.items.length) % this.items.length;
    else if (event.key === 'Escape') {
      this.#refused = this.#slash?.from ?? null;
      this.close();
    } else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') void this.insert(this.current, text, take);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** The server fills in the variables: what it gives is what the customer will read. */
  async insert(template: Template | undefined, text: () => string, take: (text: string, caret: number) => void): Promise<void> {
    const slash = this.#slash;
    if (!template || !slash || this.busy) return;
    this.busy = true;
    try {
      const id = template.template_id ?? template.id ?? '';
      const filled = await api.post<{ text: string; empty?: string[]; unknown?: string[] }>(`/templates/${encodeURIComponent(id)}/text`, {
        conversation_id: this.#conversation,
      });
      const result = insertAt(text(), slash, filled.text);
      take(result.text, result.caret);
      const missing = [...(filled.empty ?? []), ...(filled.unknown ?? [])];
      if (missing.length) toasts.show(t('templates.missing', { names: missing.join(', ') }));
      this.close();
    } catch (error) {
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.offline'));
    } finally {
      this.busy = false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#slash = null;
    this.items = [];
    this.index = 0;
  }

  async #load(q: string): Promise<void> {
    try {
      const page = await api.get<Page<Template>>('/templates/suggestions', { query: { q, conversation_id: this.#conversation } });
      if (this.#slash?.query !== q) return;
      this.items = page.items.slice(0, 8);
      this.index = 0;
    } catch {
      this.items = [];
    }
  }
}
