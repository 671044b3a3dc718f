export interface Candidate {
  candidate_id: string;
  question: string;
  answer: string;
  language: 'en' | 'ar';
  category: string;
  /** Chats that asked alike. */
  asked: number;
  rating: number | null;
  status: 'open' | 'approved' | 'rejected';
  conversation_id: string;
  article_id: string | null;
}

export interface Run {
  run_id: string;
  source: string;
  at: string;
  threshold: number;
  questions: number;
  answered: number;
  judged: number;
  correct: number;
}

export interface TrainingPage {
  counts: Record<string, number>;
}

export const tasks = ['handover', 'intent', 'sentiment', 'category', 'answer'] as const;

/** How many examples there are of each task, those that have some. */
export function counted(counts: Record<string, number>): { task: (typeof tasks)[number]; count: number }[] {
  return tasks.map((task) => ({ task, count: counts[task] ?? 0 })).filter(({ count }) => count > 0);
}

/** Shares of a run, 0 to 1: how many questions were answered, and how many of the answers that were judged are right. */
export function shares(run: Run): { answered: number; right: number | null } {
  return { answered: run.questions ? run.answered / run.questions : 0, right: run.judged ? run.correct / run.judged : null };
}
