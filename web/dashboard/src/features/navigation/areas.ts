import type { Route } from '../../lib/routes.ts';

export type AreaName = 'inbox' | 'tickets' | 'customers' | 'tasks' | 'calls' | 'search' | 'settings';

export interface Area {
  name: AreaName;
  icon: string;
  route: Route;
}

const all: (Area & { needs?: string })[] = [
  { name: 'inbox', icon: 'inbox', route: { name: 'inbox' } },
  { name: 'tickets', icon: 'ticket', route: { name: 'tickets' }, needs: 'ticket.read' },
  { name: 'customers', icon: 'contact', route: { name: 'customers' }, needs: 'contact.read' },
  { name: 'tasks', icon: 'list-checks', route: { name: 'tasks' }, needs: 'contact.read' },
  { name: 'calls', icon: 'phone', route: { name: 'calls' }, needs: 'queue.read' },
  { name: 'search', icon: 'search', route: { name: 'search', q: '' }, needs: 'search.read' },
  { name: 'settings', icon: 'settings', route: { name: 'settings', page: 'profile' } },
];

/** The areas somebody with these rights has, in the order of the rail. */
export function areas(may: (permission: string) => boolean): Area[] {
  return all.filter(({ needs }) => !needs || may(needs)).map(({ name, icon, route }) => ({ name, icon, route }));
}

const owners: Record<Route['name'], AreaName | null> = {
  inbox: 'inbox',
  conversation: 'inbox',
  tickets: 'tickets',
  ticket: 'tickets',
  customers: 'customers',
  customer: 'customers',
  leads: 'customers',
  tasks: 'tasks',
  calls: 'calls',
  search: 'search',
  settings: 'settings',
  wall: null,
};

/** The area a page belongs to: the one marked as current. */
export function areaOf(route: Route): AreaName | null {
  return owners[route.name];
}
