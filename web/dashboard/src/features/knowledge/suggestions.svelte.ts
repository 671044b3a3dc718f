import type { ArticleSuggestion } from '../../../../shared/api/knowledge.ts';
import type { Page } from '../../../../shared/api/types.ts';
import { api, session } from '../session/session.svelte.ts';
import { outcomeOf, type SuggestionOutcome } from './outcome.ts';

/** What does not fit a conversation does not come back when it is opened again. */
const dismissed = new Set<string>();

/**
 * Articles that answer the customer's last words, for whoever writes the reply. What becomes of them is told to the
 * server, which learns from it; that it could not be told is nobody's trouble here.
 */
export class ArticleSuggestions {
  items = $state.raw<readonly ArticleSuggestion[]>([]);
  #asked = '';
  readonly #conversation: string;
  /** What stands in the reply, by article. */
  readonly #inserted = new Map<string, string>();

  constructor(conversation: string) {
    this.#conversation = conversation;
  }

  /** Looks them up once for each question. */
  async about(text: string, language: string | null | undefined): Promise<void> {
    const q = text.trim().slice(0, 1000);
    const question = `${language} ${q}`;
    if (question === this.#asked || !session.may('template.read')) return;
    this.#asked = question;
    this.#inserted.clear(); // an outcome counts for the question that was open
    if (!q) {
      this.items = [];
      return;
    }
    try {
      const query = { q, language: /^(en|ar)/.exec(language ?? '')?.[0], conversation_id: this.#conversation, limit: 3 };
      const page = await api.get<Page<ArticleSuggestion>>('/articles/suggestions', { query });
      if (this.#asked === question) this.items = page.items.filter((item) => !dismissed.has(this.#key(item.article_id)));
    } catch {
      this.items = [];
    }
  }

  /** The article's words, or its address, were put into the reply. Counted, so that it can be seen which help. */
  used(article: ArticleSuggestion, words: string): void {
    this.#inserted.set(article.article_id, words);
    void api.post(`/articles/${article.article_id}/uses`).catch(() => undefined);
  }

  /** A reply goes out: what of the inserted texts is in it? */
  sent(reply: string): void {
    for (const [article, words] of this.#inserted) this.#tell(article, outcomeOf(words, reply));
    this.#inserted.clear();
  }

  /** It does not answer the question. */
  dismiss(article: ArticleSuggestion): void {
    dismissed.add(this.#key(article.article_id));
    this.items = this.items.filter((item) => item !== article);
    this.#inserted.delete(article.article_id);
    this.#tell(article.article_id, 'rejected');
  }

  #tell(article_id: string, outcome: SuggestionOutcome): void {
    const path = `/conversations/${encodeURIComponent(this.#conversation)}/suggestion-outcomes`;
    void api.post(path, { article_id, outcome }).catch(() => undefined);
  }

  #key(article: string): string {
    return `${this.#conversation} ${article}`;
  }
}
