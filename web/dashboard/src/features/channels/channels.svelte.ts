import type { Channel } from '../../../../shared/api/admin.ts';
import { i18n } from '../../lib/i18n.svelte.ts';
import { api } from '../session/session.svelte.ts';

/** The ways in, under the names that people know them by. */
class Channels {
  list = $state.raw<readonly Channel[]>([]);

  async load(): Promise<void> {
    this.list = await api.all<Channel>('/channels').catch(() => this.list);
  }

  find(name: string): Channel | undefined {
    return this.list.find((one) => one.name === name);
  }

  /** One that is not there any more stands for itself. */
  nameOf(name: string): string {
    const channel = this.find(name);
    return channel ? i18n.both(channel.name_en, channel.name_ar) : name;
  }

  iconOf(name: string): string {
    return this.find(name)?.icon ?? 'plug';
  }

  /** As the choices of a filter. */
  choices(): { value: string; label: string }[] {
    return this.list.map(({ name }) => ({ value: name, label: this.nameOf(name) }));
  }
}

export const channels = new Channels();
