export const settingsPages = [
  'profile',
  'notifications',
  'setup',
  'staff',
  'departments',
  'categories',
  'rules',
  'sla',
  'templates',
  'macros',
  'assistant',
  'understanding',
  'webhooks',
  'channels',
  'integrations',
  'mail',
  'outbox',
  'api-keys',
  'scorecards',
  'reviews',
  'calibration',
  'handovers',
  'examples',
  'audit',
] as const;
export type SettingsPage = (typeof settingsPages)[number];

export type Route =
  | { name: 'inbox' }
  | { name: 'conversation'; id: string }
  | { name: 'tickets' }
  | { name: 'ticket'; id: string }
  | { name: 'customers' }
  | { name: 'leads' }
  | { name: 'tasks' }
  | { name: 'customer'; id: string }
  | { name: 'search'; q: string }
  | { name: 'wall' }
  /** `item`: the one of the page's things that is open, such as a department. */
  | { name: 'settings'; page: SettingsPage; item?: string };

export const base = '/admin';

/** The route of an address: its path below the base and, for the search page, its query. */
export function parseRoute(path: string, query = ''): Route {
  const [first, second, third] = path
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
    case 'leads':
    case 'tasks':
    case 'wall':
      return { name: first };
    case 'settings':
      return settings(second, third);
    default:
      return { name: 'inbox' };
  }
}

function settings(wanted: string | undefined, item: string | undefined): Route {
  const page = settingsPages.find((one) => one === wanted) ?? 'profile';
  return item ? { name: 'settings', page, item: decodeURIComponent(item) } : { name: 'settings', page };
}

export function href(route: Route): string {
  switch (route.name) {
    case 'inbox':
      return `${base}/`;
    case 'conversation':
      return `${base}/c/${encodeURIComponent(route.id)}`;
    case 'tickets':
    case 'customers':
    case 'leads':
    case 'tasks':
    case 'wall':
      return `${base}/${route.name}`;
    case 'ticket':
      return `${base}/tickets/${encodeURIComponent(route.id)}`;
    case 'customer':
      return `${base}/customers/${encodeURIComponent(route.id)}`;
    case 'search':
      return `${base}/search${route.q ? `?q=${encodeURIComponent(route.q)}` : ''}`;
    case 'settings':
      return `${base}/settings/${route.page}${route.item ? `/${encodeURIComponent(route.item)}` : ''}`;
  }
}
