import type { Sla, SlaPart, SlaState } from '../../../../shared/api/desk.ts';

export interface ClockFace {
  state: Exclude<SlaState, 'none'>;
  /** How much of the time is used, 0 to 1. */
  used: number;
  /** Seconds left, negative once it is over; null while paused or met. */
  left: number | null;
  /** Less than a fifth of the time is left. */
  soon: boolean;
}

const SOON = 0.8;

/** What a clock shows at `now` (ms). A running one that has passed its time is breached, whatever the last word was. */
export function face(part: SlaPart | null | undefined, startedAt: string, now: number): ClockFace | null {
  if (!part || part.state === 'none') return null;
  if (part.state === 'met') return { state: 'met', used: 1, left: null, soon: false };
  const due = part.due_at ? Date.parse(part.due_at) : null;
  const start = Date.parse(startedAt);
  const used = due === null || due <= start ? 0 : Math.min(1, Math.max(0, (now - start) / (due - start)));
  if (part.state === 'paused') return { state: 'paused', used, left: null, soon: false };
  const left = due === null ? null : Math.floor((due - now) / 1000);
  const over = part.state === 'breached' || (left !== null && left < 0);
  return { state: over ? 'breached' : 'running', used: over ? 1 : used, left, soon: !over && used >= SOON };
}

/** The clock that matters now: the first response until it is given, then the resolution. */
export function leading(sla: Sla | null): 'first_response' | 'resolution' | null {
  if (!sla) return null;
  const { first_response: first, resolution } = sla;
  if (first && (first.state === 'running' || first.state === 'paused' || (first.state === 'breached' && !first.met_at))) return 'first_response';
  if (resolution && resolution.state !== 'none') return 'resolution';
  return first && first.state !== 'none' ? 'first_response' : null;
}
