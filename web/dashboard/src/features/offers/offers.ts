import type { Offer } from '../../../../shared/api/desk.ts';

/** The open offers after one was made: one of each conversation, the first to end first. */
export function withOffer(list: readonly Offer[], offer: Offer): readonly Offer[] {
  return [...list.filter((one) => one.conversation_id !== offer.conversation_id), offer].sort((a, b) => a.expires_at.localeCompare(b.expires_at));
}

/** Those that can still be answered at `now` (ms). */
export function open(list: readonly Offer[], now: number): readonly Offer[] {
  const left = list.filter((one) => Date.parse(one.expires_at) > now);
  return left.length === list.length ? list : left;
}

/** Whole seconds left, and the share of `total` ms that they are. */
export function left(offer: Offer, now: number, total: number): { seconds: number; share: number } {
  const ms = Math.max(0, Date.parse(offer.expires_at) - now);
  return { seconds: Math.ceil(ms / 1000), share: total > 0 ? Math.min(1, ms / total) : 0 };
}
