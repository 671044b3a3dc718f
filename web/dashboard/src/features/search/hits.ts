import type { Query } from '../../../../shared/api/client.ts';
import type { HitType, SearchHit } from '../../../../shared/api/desk.ts';
import type { Route } from '../../lib/routes.ts';

export const hitTypes: readonly HitType[] = ['conversation', 'message', 'ticket', 'contact', 'article'];

export const hitIcons: Record<HitType, string> = {
  conversation: 'message-square-text',
  message: 'reply',
  ticket: 'ticket',
  contact: 'contact',
  article: 'file-text',
};

export interface SearchFilters {
  type: '' | HitType;
  department: string;
  status: string;
  assigned: string;
  channel: string;
  tag: string;
  rating: string;
  from: string;
  to: string;
}

export const noSearchFilters: SearchFilters = {
  type: '', department: '', status: '', assigned: '', channel: '', tag: '', rating: '', from: '', to: '',
};

/** The kind of a hit, said in the singular or in the plural. */
export function hitType(hit: Pick<SearchHit, 'type'>): HitType {
  return hitTypes.find((type) => hit.type === type || hit.type === `${type}s`) ?? 'message';
}

export function hitRoute(hit: SearchHit): Route {
  switch (hitType(hit)) {
    case 'ticket':
      return { name: 'ticket', id: hit.id };
    case 'contact':
      return { name: 'customer', id: hit.id };
    case 'article':
      return { name: 'settings', page: 'articles', item: hit.id };
    case 'conversation':
      return { name: 'conversation', id: hit.id };
    case 'message':
      return hit.conversation_id ? { name: 'conversation', id: hit.conversation_id } : { name: 'inbox' };
  }
}

/** Days become the moments at which they begin and end here. */
export function searchQuery(q: string, filters: SearchFilters): Query {
  const { type, from, to, ...rest } = filters;
  return {
    ...rest,
    q: q.trim(),
    types: type && `${type}s`,
    from: from && new Date(`${from}T00:00:00`).toISOString(),
    to: to && new Date(`${to}T23:59:59.999`).toISOString(),
  };
}

/** Filters as a saved view keeps them; what it does not say is as in the beginning. */
export function searchFiltersFrom(saved: Record<string, unknown>): SearchFilters {
  const filters = { ...noSearchFilters };
  for (const key of Object.keys(noSearchFilters) as (keyof SearchFilters)[]) {
    const value = saved[key];
    if (key === 'type') filters.type = hitTypes.find((type) => type === value) ?? '';
    else if (typeof value === 'string') filters[key] = value;
  }
  return filters;
}
