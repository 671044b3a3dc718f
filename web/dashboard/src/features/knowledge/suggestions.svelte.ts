import type { ArticleSuggestion } from '../../../../shared/api/knowledge.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { api, session } from '../session/session.svelte.ts';

/** Articles that answer the customer's last words, for whoever writes the reply. */
export class ArticleSuggestions {
  items = $state.raw<readonly ArticleSuggestion[]>([]);
  #asked = '';

  /** Looks them up once for each question. */
  async about(text: string, language: string | null | undefined, conversation: string): Promise<void> {
    const q = text.trim().slice(0, 1000);
    const question = `${language} ${q}`;
    if (question === this.#asked || !session.may('template.read')) return;
    this.#asked = question;
    if (!q) {
      this.items = [];
      return;
    }
    try {
      const page = await api.get<Page<ArticleSuggestion>>('/articles/suggestions', { query: { q, language: /^(en|ar)/.exec(language ?? '')?.[0], conversation_id: conversation, limit: 3 } });
      if (this.#asked === question) this.items = page.items;
    } catch {
      this.items = [];
    }
  }

  /** Counted, so that it can be seen which articles help. */
  used(article: ArticleSuggestion): void {
    void api.post(`/articles/${article.article_id}/uses`).catch(() => undefined);
  }
}
