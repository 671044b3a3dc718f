import type { CallFacts } from '../../../../shared/api/admin.ts';

export type Verdict = 'success' | 'failure' | 'unknown';

export interface Collected {
  title: string;
  summary: string;
  data: { name: string; value: string }[];
  checks: { name: string; verdict: Verdict }[];
  verdict: Verdict | null;
  endedBecause: string;
  session: string;
  seconds: number | null;
}

/** Names are the identifiers somebody chose there: `missing_document`. */
function readable(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const verdictOf = (text: unknown): Verdict => (text === 'success' || text === 'failure' ? text : 'unknown');

/** What there is to show of a call's analysis; null when it found out nothing. */
export function collected(facts: CallFacts | null | undefined): Collected | null {
  if (!facts) return null;
  const found: Collected = {
    title: facts.title ?? '',
    summary: facts.summary ?? '',
    data: Object.entries(facts.data ?? {})
      .filter(([, value]) => value !== '')
      .map(([name, value]) => ({ name: readable(name), value: String(value) })),
    checks: Object.entries(facts.evaluation ?? {}).map(([name, result]) => ({ name: readable(name), verdict: verdictOf(result) })),
    verdict: facts.successful ? verdictOf(facts.successful) : null,
    endedBecause: facts.ended_because ?? '',
    session: facts.session ?? '',
    seconds: typeof facts.duration_seconds === 'number' && facts.duration_seconds > 0 ? facts.duration_seconds : null,
  };
  const { title, summary, data, checks, verdict } = found;
  return title || summary || data.length || checks.length || (verdict && verdict !== 'unknown') ? found : null;
}
