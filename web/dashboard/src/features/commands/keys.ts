/** What a key press asks for outside of text fields; null when it is not ours. */
export type KeyAction = 'next' | 'previous' | 'back' | 'reply' | 'note' | 'search' | 'help' | 'palette';

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** The focus is in a text field, so letters are text. */
  typing: boolean;
  /** A dialog is open; it has its own keys. */
  inDialog: boolean;
}

const letters: Record<string, KeyAction> = {
  j: 'next',
  k: 'previous',
  r: 'reply',
  n: 'note',
  '/': 'search',
  '?': 'help',
  Escape: 'back',
};

/** No shortcut uses Alt: browsers and screen readers own those keys. */
export function keyAction(press: KeyPress): KeyAction | null {
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === 'k' ? 'palette' : null;
  if (press.typing || press.inDialog) return null;
  return letters[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? null;
}
