/** The knowledge base: articles, their versions, numbers and flags. */

export type ArticleLanguage = 'en' | 'ar';
export type ArticleStatus = 'draft' | 'published' | 'archived';

export interface ArticleNumbers {
  shown: number;
  answered: number;
  inserted: number;
  helpful: number;
  unhelpful: number;
  handovers: number;
}

export interface ArticleSummary {
  article_id: string;
  slug: string;
  language: ArticleLanguage;
  title: string;
  category: string;
  scenario: string | null;
  status: ArticleStatus;
  version: number;
  updated_at: string;
  updated_by: string;
  open_flags: number;
  numbers: ArticleNumbers;
}

export interface ArticlePage {
  items: ArticleSummary[];
  next_cursor: string | null;
  categories: string[];
  scenarios: string[];
}

export interface Article {
  article_id: string;
  slug: string;
  language: ArticleLanguage;
  title: string;
  body: string;
  /** Made safe by the server. */
  html: string;
  category: string;
  scenario: string | null;
  questions: string[];
  status: ArticleStatus;
  version: number;
  updated_at: string;
  updated_by: string;
  published_at: string | null;
  translations: { article_id: string; language: ArticleLanguage; title: string; status: ArticleStatus }[];
}

export interface ArticleVersion {
  version: number;
  title: string;
  body: string;
  category: string;
  scenario: string | null;
  questions: string[];
  status: ArticleStatus;
  at: string;
  by: string;
}

export interface ArticleDay extends ArticleNumbers {
  day: string;
}

export type FlagKind = 'outdated' | 'missing' | 'wrong';

export interface ArticleFlag {
  flag_id: string;
  article_id: string | null;
  title: string | null;
  language: ArticleLanguage | null;
  kind: FlagKind;
  comment: string;
  conversation_id: string | null;
  by: string;
  at: string;
  resolved_at: string | null;
}

export interface ArticleSuggestion {
  article_id: string;
  slug: string;
  title: string;
  language: ArticleLanguage;
  category: string;
  passage: string;
  score: number;
  url: string;
}

export interface ImportAnswer {
  added: number;
  changed: number;
  unchanged: number;
  failed: { name: string; line: number; reason: string }[];
}
