export const settingsPages = [
  'profile',
  'staff',
  'departments',
  'categories',
  'rules',
  'sla',
  'templates',
  'macros',
  'understanding',
  'webhooks',
  'integrations',
  'mail',
  'outbox',
  'api-keys',
  'scorecards',
  'reviews',
  'calibration',
  'examples',
  'audit',
] as const;
export type SettingsPage = (typeof settingsPages)[number];

export type Route =
  | { name: 'inbox' }
  | { name: 'conversation'; id: string }
  | { name: 'wall' }
  /** `item`: the one of the page's things that is open, such as a department. */
  | { name: 'settings'; page: SettingsPage; item?: string };

export const base = '/admin';

export function parseRoute(path: string): Route {
  const [first, second, third] = path
    .slice(path.startsWith(base) ? base.length : 0)
    .split('/')
    .filter(Boolean);
  if (first === 'c' && second) return { name: 'conversation', id: decodeURIComponent(second) };
  if (first === 'wall') return { name: 'wall' };
  if (first === 'settings') {
    const page = settingsPages.find((one) => one === second) ?? 'profile';
    return third ? { name: 'settings', page, item: decodeURIComponent(third) } : { name: 'settings', page };
  }
  return { name: 'inbox' };
}

export function href(route: Route): string {
  switch (route.name) {
    case 'inbox':
      return `${base}/`;
    case 'conversation':
      return `${base}/c/${encodeURIComponent(route.id)}`;
    case 'wall':
      return `${base}/wall`;
    case 'settings':
      return `${base}/settings/${route.page}${route.item ? `/${encodeURIComponent(route.item)}` : ''}`;
  }
}
