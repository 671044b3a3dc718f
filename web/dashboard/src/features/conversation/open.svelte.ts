import { Thread } from './thread.svelte.ts';

/** Which conversation is open, for everything outside its pane: palette, shortcuts, title. */
class Open {
  thread = $state.raw<Thread | null>(null);
  /** The dialog shown over the conversation. */
  dialog = $state<'transfer' | 'resolve' | 'customer' | 'labels' | 'ticket' | null>(null);
  /** The context pane is open as a sheet, where there is no room for it beside the conversation. */
  sheet = $state(false);
  /** The composer is to take the focus as soon as it can be written in. */
  wantsFocus = $state(false);

  show(id: string | null): void {
    if (this.thread?.id === id) return;
    this.thread?.close();
    this.dialog = null;
    this.sheet = false;
    this.wantsFocus = false;
    this.thread = id === null ? null : new Thread(id);
  }

  write(mode: 'reply' | 'note'): void {
    if (!this.thread) return;
    this.thread.mode = mode;
    this.wantsFocus = true;
  }
}

export const open = new Open();
