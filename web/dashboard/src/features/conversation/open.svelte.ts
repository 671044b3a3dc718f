import { Thread } from './thread.svelte.ts';

/** Which conversation is open, for everything outside its pane: palette, shortcuts, title. */
class Open {
  thread = $state.raw<Thread | null>(null);
  /** The dialog shown over the conversation. */
  dialog = $state<'transfer' | 'resolve' | 'customer' | 'labels' | null>(null);
  /** The context pane is open as a sheet, where there is no room for it beside the conversation. */
  sheet = $state(false);
  /** Counts up to ask the composer for focus. */
  focusRequest = $state(0);

  show(id: string | null): void {
    if (this.thread?.id === id) return;
    this.thread?.close();
    this.dialog = null;
    this.sheet = false;
    this.thread = id === null ? null : new Thread(id);
  }

  write(mode: 'reply' | 'note'): void {
    if (!this.thread) return;
    this.thread.mode = mode;
    this.focusRequest++;
  }
}

export const open = new Open();
