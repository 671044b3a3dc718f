import type { Decision } from '../../../../shared/api/admin.ts';
import { api } from '../session/session.svelte.ts';

/** The decisions about a conversation, loaded when a component shows them and again when `standing` changes. */
export function decisionsOf(conversation: () => string, standing: () => string): { readonly list: readonly Decision[]; readonly phase: Phase } {
  let list = $state.raw<readonly Decision[]>([]);
  let phase = $state<Phase>('loading');

  $effect(() => {
    standing();
    let current = true;
    void api
      .get<{ items: Decision[] }>(`/conversations/${encodeURIComponent(conversation())}/decisions`)
      .then(({ items }) => {
        if (!current) return;
        list = items ?? [];
        phase = 'ready';
      })
      .catch(() => {
        if (current) phase = 'failed';
      });
    return () => (current = false);
  });

  return {
    get list() {
      return list;
    },
    get phase() {
      return phase;
    },
  };
}

type Phase = 'loading' | 'ready' | 'failed';
