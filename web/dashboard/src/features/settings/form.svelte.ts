import { ApiError } from '../../../../shared/api/client.ts';
import { t } from '../../lib/i18n.svelte.ts';
import { objection } from './objections.ts';

/** The sending of one form: busy while under way, then the server's objections by field. */
export class Form {
  busy = $state(false);
  /** What is wrong with the form as a whole. */
  problem = $state('');
  #errors = $state.raw<Record<string, string>>({});

  error(field: string): string | undefined {
    return this.#errors[field];
  }

  /** True when it was accepted. */
  async submit(send: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.problem = '';
    this.#errors = {};
    try {
      await send();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.offline) this.problem = t('error.offline');
      else if (error.problem.errors?.length) {
        this.#errors = Object.fromEntries(error.problem.errors.map(({ field, message }) => [field, objection(message, t)]));
        this.problem = t('error.fields');
      } else this.problem = error.message;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
