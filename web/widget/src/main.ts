// One script tag puts the chat on a page:
//   <script src="https://chat.example.org/widget/chat-centre.js" data-language="auto" async></script>
import { inkOn, pickLanguage, readConfig } from './config.ts';
import { Session } from './session.ts';
import dark from './dark.css?inline';
import frame from './frame.css?inline';
import { Words } from './texts.ts';
import thread from './thread.css?inline';
import { View } from './view.ts';

declare global {
  interface Window {
    /** For the page: `chatCentre.open()`, and `reset()` when the person signs out. */
    chatCentre?: { open(): void; close(): void; reset(): void };
  }
}

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

function start(script: HTMLScriptElement): void {
  const config = readConfig(script.src, { ...script.dataset });
  const host = document.createElement('chat-centre');
  const root = host.attachShadow({ mode: 'open' });
  // Constructed sheets need no style-src from the page.
  root.adoptedStyleSheets = [sheet(frame + thread)];
  if (config.theme !== 'light')
    root.adoptedStyleSheets.push(sheet(config.theme === 'dark' ? dark : `@media (prefers-color-scheme:dark){${dark}}`));
  host.style.setProperty('--accent', config.accent);
  host.style.setProperty('--on-accent', inkOn(config.accent));

  const language = () => pickLanguage(config.language, document.documentElement.lang, navigator.languages);
  let words = new Words(language());
  const session = new Session(config, () => words.language);
  let view: View;
  let drawing = false;
  // Many changes in one turn, one drawing; not in an animation frame, which a hidden page does not get.
  session.onChange = () => {
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      view.draw();
    });
  };

  // Whoever opens the panel has the focus in it. import() asks for no TrustedScriptURL, as the address of a script
  // element does; where it fails, the chat goes on without.
  const more = () =>
    import(config.base + 'widget/more.js')
      .then((module: typeof import('./more.ts')) => module.more(root, session, config))
      .catch(() => {});
  root.addEventListener('focusin', more, { once: true });

  const show = (open: boolean) => {
    view = new View(session, words, config);
    root.append(view.element);
    view.toggle(open, false);
  };
  show(session.memory.wasOpen() && !matchMedia('(max-width: 480px)').matches);

  new MutationObserver(() => {
    if (language() === words.language) return;
    words = new Words(language());
    const { open } = view;
    view.destroy();
    show(open);
  }).observe(document.documentElement, { attributeFilter: ['lang'] });

  const back = () => {
    session.hurry();
    view.draw();
  };
  document.addEventListener('visibilitychange', back);
  addEventListener('online', back);
  addEventListener('offline', () => view.draw());

  window.chatCentre = {
    open: () => view.toggle(true),
    close: () => view.toggle(false),
    reset: () => session.reset(),
  };
  document.body.append(host);
}

const script = document.currentScript as HTMLScriptElement | null;
// A second tag, or a site that runs its scripts again, must not put up a second chat.
if (script && !window.chatCentre && !document.querySelector('chat-centre')) {
  if (document.body) start(script);
  else addEventListener('DOMContentLoaded', () => start(script));
}
