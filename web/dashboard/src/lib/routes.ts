export const settingsPages = ['profile', 'notifications', 'staff', 'departments', 'api-keys', 'audit'] as const;
export type SettingsPage = (typeof settingsPages)[number];

export type Route =
  | { name: 'inbox' }
  | { name: 'conversation'; id: string }
  | { name: 'tickets' }
  | { name: 'ticket'; id: string }
  | { name: 'customers' }
  | { name: 'customer'; id: string }
  | { name: 'search'; q: string }
  | { name: 'wall' }
  | { name: 'settings'; page: SettingsPage };

export const base = '/admin';

/** The route of an address: its path below the base and, for the search page, its query. */
export function parseRoute(path: string, query = ''): Route {
  const [first, second] = path
    .slice(path.startsWith(base) ? base.length : 0)
    .split('/')
    .filter(Boolean);
  switch (first) {
    case 'c':
      return second ? { name: 'conversation', id: decodeURIComponent(second) } : { name: 'inbox' };
    case 'tickets':
      return second ? { name: 'ticket', id: decodeURIComponent(second) } : { name: 'tickets' };
    case 'customers':
      return second ? { name: 'customer', id: decodeURIComponent(second) } : { name: 'customers' };
    case 'search':
      return { name: 'search', q: new URLSearchParams(query).get('q') ?? '' };
    case 'wall':
      return { name: 'wall' };
    case 'settings':
      return { name: 'settings', page: settingsPages.find((page) => page === second) ?? 'profile' };
    default:
      return { name: 'inbox' };
  }
}

export function href(route: Route): string {
  switch (route.name) {
    case 'inbox':
      return `${base}/`;
    case 'conversation':
      return `${base}/c/${encodeURIComponent(route.id)}`;
    case 'tickets':
    case 'customers':
    case 'wall':
      return `${base}/${route.name}`;
    case 'ticket':
      return `${base}/tickets/${encodeURIComponent(route.id)}`;
    case 'customer':
      return `${base}/customers/${encodeURIComponent(route.id)}`;
    case 'search':
      return `${base}/search${route.q ? `?q=${encodeURIComponent(route.q)}` : ''}`;
    case 'settings':
      return `${base}/settings/${route.page}`;
  }
}
