import type { SettingsPage } from '../../lib/routes.ts';

export const groups = ['you', 'team', 'work', 'content', 'connections', 'quality', 'record'] as const;
export type Group = (typeof groups)[number];

export interface Entry {
  page: SettingsPage;
  group: Group;
  icon: string;
  /** The permission without which the server would refuse the page; null when everybody has it. */
  needs: string | null;
}

/** Every page of the settings, in the order of the navigation. */
export const entries: readonly Entry[] = [
  { page: 'profile', group: 'you', icon: 'user', needs: null },
  { page: 'notifications', group: 'you', icon: 'bell', needs: 'notification.own' },
  { page: 'setup', group: 'team', icon: 'list-checks', needs: 'supervise' },
  { page: 'departments', group: 'team', icon: 'building', needs: 'desk.read' },
  { page: 'staff', group: 'team', icon: 'users', needs: 'supervise' },
  { page: 'categories', group: 'team', icon: 'tag', needs: 'desk.read' },
  { page: 'rules', group: 'work', icon: 'split', needs: 'desk.read' },
  { page: 'sla', group: 'work', icon: 'timer', needs: 'desk.read' },
  { page: 'templates', group: 'content', icon: 'message-square-text', needs: 'template.read' },
  { page: 'macros', group: 'content', icon: 'zap', needs: 'template.read' },
  { page: 'assistant', group: 'content', icon: 'bot', needs: 'desk.read' },
  { page: 'understanding', group: 'content', icon: 'brain', needs: 'analysis.read' },
  { page: 'channels', group: 'connections', icon: 'message-square-text', needs: 'webhook.write' },
  { page: 'webhooks', group: 'connections', icon: 'webhook', needs: 'webhook.write' },
  { page: 'integrations', group: 'connections', icon: 'plug', needs: 'desk.write' },
  { page: 'mail', group: 'connections', icon: 'mail', needs: 'desk.write' },
  { page: 'outbox', group: 'connections', icon: 'send', needs: 'desk.write' },
  { page: 'api-keys', group: 'connections', icon: 'key-round', needs: 'api_key.write' },
  { page: 'scorecards', group: 'quality', icon: 'clipboard-check', needs: 'quality.read' },
  { page: 'reviews', group: 'quality', icon: 'chart-line', needs: 'quality.read' },
  { page: 'calibration', group: 'quality', icon: 'scale', needs: 'quality.read' },
  { page: 'handovers', group: 'quality', icon: 'arrow-left-right', needs: 'quality.read' },
  { page: 'examples', group: 'quality', icon: 'graduation-cap', needs: 'quality.read' },
  { page: 'audit', group: 'record', icon: 'file-clock', needs: 'audit.read' },
];

export function allowed(may: (permission: string) => boolean): Entry[] {
  return entries.filter((entry) => entry.needs === null || may(entry.needs));
}

/** The entries under their group's heading; groups without any are left out. */
export function grouped<T extends Entry>(list: readonly T[]): { group: Group; entries: T[] }[] {
  return groups
    .map((group) => ({ group, entries: list.filter((entry) => entry.group === group) }))
    .filter(({ entries }) => entries.length > 0);
}
