import { recall, remember } from './storage.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

class Theme {
  choice = $state<ThemeChoice>(parse(recall('cc-theme')));

  constructor() {
    // Chosen in another tab.
    addEventListener('storage', ({ key, newValue }) => {
      if (key === 'cc-theme') this.use(parse(newValue));
    });
  }

  use(choice: ThemeChoice): void {
    this.choice = choice;
    if (choice === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
    remember('cc-theme', choice === 'system' ? null : choice);
  }
}

function parse(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' ? text : 'system';
}

export const theme = new Theme();
