import type { Analysis } from '../../../../shared/api/admin.ts';

export const keys = ['language', 'intent', 'sentiment', 'department', 'category', 'severity', 'priority', 'handover', 'phone', 'emails'] as const;
export type FindingKey = (typeof keys)[number];

export interface Finding {
  key: FindingKey;
  tone: 'good' | 'bad' | 'plain';
  because: string[];
}

/** The findings in their order, each with its own reasons; those about nothing listed stand with the nearest one. */
export function findings(analysis: Analysis, arabic: boolean): Finding[] {
  const reasons = analysis.reasons ?? [];
  return keys.map((key) => ({
    key,
    tone: tone(analysis, key),
    because: [
      ...reasons.filter(({ what }) => keyOf(what) === key).map(({ because, because_ar }) => (arabic && because_ar) || because),
      ...(key === 'handover' && analysis.handover?.reason && !reasons.some(({ what }) => keyOf(what) === 'handover') ? [(arabic && analysis.handover.reason_ar) || analysis.handover.reason] : []),
    ],
  }));
}

/** "sentiment_score" and "department_confidence" are reasons of the thing itself. */
function keyOf(what: string): FindingKey | null {
  return keys.find((key) => what === key || what.startsWith(`${key}_`) || what === key.replace(/s$/, '')) ?? null;
}

function tone(analysis: Analysis, key: FindingKey): Finding['tone'] {
  if (key === 'sentiment') return analysis.sentiment === 'negative' ? 'bad' : analysis.sentiment === 'positive' ? 'good' : 'plain';
  if (key === 'severity') return analysis.severity === 'critical' || analysis.severity === 'high' ? 'bad' : 'plain';
  if (key === 'priority') return analysis.priority === 'emergency' || analysis.priority === 'high' ? 'bad' : 'plain';
  return 'plain';
}
