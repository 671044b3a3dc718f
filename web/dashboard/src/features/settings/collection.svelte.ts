import { ApiError } from '../../../../shared/api/client.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { api } from '../session/session.svelte.ts';
import { Form } from './form.svelte.ts';

/** The things of one list page: loaded, edited in a form, switched on and off, deleted. */
export class Collection<T extends object> {
  items = $state.raw<readonly T[]>([]);
  /** The one whose deletion is being asked about. */
  doomed = $state.raw<T | null>(null);
  readonly form = new Form();
  readonly removal = new Form();
  readonly path: string;
  readonly #key: keyof T & string;
  readonly #read: (item: T) => T;

  /** `read` makes what the server sends into what the page works with, where they differ. */
  constructor(path: string, key: keyof T & string, read: (item: T) => T = (item) => item) {
    this.path = path;
    this.#key = key;
    this.#read = read;
  }

  async load(): Promise<void> {
    this.items = (await api.all<T>(this.path)).map(this.#read);
  }

  at(item: T): string {
    return `${this.path}/${encodeURIComponent(String(item[this.#key]))}`;
  }

  /** Creates, or changes `item`. What the server made of it, or undefined when it objected. */
  async save(item: T | null, body: object): Promise<T | undefined> {
    let saved: T | undefined;
    const done = await this.form.submit(async () => {
      saved = item ? await api.patch<T>(this.at(item), body) : await api.post<T>(this.path, body);
    });
    if (!done) return undefined;
    const { name } = body as { name?: string };
    toasts.show(name ? t('action.savedName', { name }) : t('profile.saved'));
    await this.load().catch(() => undefined);
    return saved ?? ({} as T);
  }

  /** A change without a form, such as a switch: shown at once and taken back when it fails. */
  async change(item: T, body: Partial<T>): Promise<boolean> {
    const before = this.items;
    this.items = before.map((other) => (other === item ? { ...other, ...body } : other));
    try {
      const saved = await api.patch<T | undefined>(this.at(item), body);
      if (saved) this.items = this.items.map((other) => (other[this.#key] === item[this.#key] ? { ...other, ...this.#read(saved) } : other));
      return true;
    } catch (error) {
      this.items = before;
      toasts.error(error instanceof ApiError && !error.offline ? error.message : t('error.save'));
      return false;
    }
  }

  async remove(name: string): Promise<void> {
    const item = this.doomed;
    if (!item || !(await this.removal.submit(() => api.delete(this.at(item))))) return;
    this.doomed = null;
    toasts.show(t('action.deleted', { name }));
    await this.load().catch(() => undefined);
  }
}
