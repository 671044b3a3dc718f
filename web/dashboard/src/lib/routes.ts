export const settingsPages = ['profile', 'staff', 'departments', 'api-keys', 'audit'] as const;
export type SettingsPage = (typeof settingsPages)[number];

export type Route =
  | { name: 'inbox' }
  | { name: 'conversation'; id: string }
  | { name: 'wall' }
  | { name: 'settings'; page: SettingsPage };

export const base = '/admin';

export function parseRoute(path: string): Route {
  const [first, second] = path
    .slice(path.startsWith(base) ? base.length : 0)
    .split('/')
    .filter(Boolean);
  if (first === 'c' && second) return { name: 'conversation', id: decodeURIComponent(second) };
  if (first === 'wall') return { name: 'wall' };
  if (first === 'settings') {
    return { name: 'settings', page: settingsPages.find((page) => page === second) ?? 'profile' };
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
      return `${base}/settings/${route.page}`;
  }
}
