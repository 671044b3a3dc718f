// What helps once a chat is in use: articles while the customer types, thumbs under the assistant's answers, and the
// colour of a scenario. A module of its own, which the widget fetches when it is first opened, so that a page on which
// nobody chats loads none of it. Everything here may fail without harm: the chat goes on as it was.
import type { Config } from './config.ts';
import { DEFAULT_ACCENT, inkOn, hexColour } from './config.ts';
import { attribute, h, icon, setText } from './dom.ts';
import type { Session } from './session.ts';
import { moreWords } from './more-texts.ts';
import { wantsSuggestions, type Suggestion } from './suggest.ts';
import css from './more.css?inline';

const PAUSE_MS = 350;
const TIMEOUT_MS = 8_000;

export function more(root: ShadowRoot, session: Session, config: Config): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  const language = () => root.querySelector('.root')?.getAttribute('lang') ?? 'en';
  const say = () => moreWords(language());

  // -- Articles while the customer types ---------------------------------------------------------------------------
  const list = h('div', { class: 'suggestions', role: 'region', 'aria-live': 'polite', hidden: true });
  let asked = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(found: Suggestion[]): void {
    list.replaceChildren();
    list.hidden = found.length === 0;
    if (list.hidden) return;
    const words = say();
    attribute(list, 'aria-label', words.suggestions);
    list.append(
      h(
        'div',
        { class: 'suggestions-head' },
        h('span', {}, words.suggestions),
        h('button', { type: 'button', class: 'link', onclick: () => show([]) }, words.hide),
      ),
      ...found.map(({ title, passage, url }) =>
        h(
          'details',
          {},
          h('summary', { dir: 'auto' }, title),
          h('p', { dir: 'auto' }, passage),
          ...(url ? [h('a', { href: new URL(url, config.base).href, target: '_blank', rel: 'noopener' }, words.read)] : []),
        ),
      ),
    );
    const composer = root.querySelector('.composer');
    if (composer && list.nextElementSibling !== composer) composer.before(list);
  }

  async function ask(text: string): Promise<void> {
    asked = text;
    const query = new URLSearchParams({ q: text.slice(0, 300), language: language() });
    if (config.scenario) query.set('scenario', config.scenario);
    try {
      const answer = await fetch(`${config.base}api/v1/help/suggestions?${query}`, {
        credentials: 'omit',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!answer.ok) return;
      const { items } = (await answer.json()) as { items: Suggestion[] };
      if (asked === text) show(items.slice(0, 3));
    } catch {
      // No suggestions, then.
    }
  }

  root.addEventListener('input', (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || !field.closest('.composer')) return;
    clearTimeout(timer);
    asked = '';
    if (!wantsSuggestions(field.value, session.conversation?.handler)) return show([]);
    timer = setTimeout(() => void ask(field.value.trim()), PAUSE_MS);
  });
  root.addEventListener('submit', () => {
    clearTimeout(timer);
    asked = '';
    show([]);
  });

  // -- Thumbs ------------------------------------------------------------------------------------------------------
  const given = new Map<string, string>();
  const rated = new WeakSet<HTMLElement>(); // no class: the widget sets those anew

  async function rate(messageId: string, feedback: string, box: HTMLElement): Promise<void> {
    const token = session.memory.load()?.token;
    const before = given.get(messageId) ?? '';
    mark(box, feedback);
    try {
      const answer = await fetch(`${config.base}api/v1/messages/${encodeURIComponent(messageId)}/feedback`, {
        method: 'PUT',
        credentials: 'omit',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ feedback }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!answer.ok) throw new Error();
      given.set(messageId, feedback);
      setText(box.querySelector('.thanks')!, feedback === 'up' ? say().thanks : say().sorry);
    } catch {
      mark(box, before);
      setText(box.querySelector('.thanks')!, say().failed);
    }
  }

  function mark(box: HTMLElement, feedback: string): void {
    for (const button of box.querySelectorAll('button')) attribute(button, 'aria-pressed', String(button.value === feedback));
  }

  function decorate(): void {
    for (const row of root.querySelectorAll<HTMLElement>('.message.ai[data-key]')) {
      if (rated.has(row)) continue;
      const key = row.dataset['key'];
      const message = session.messages.find((m) => (m.client_message_id || 'seq-' + m.seq) === key);
      if (!message) continue;
      rated.add(row);
      if (message.seq === 1) continue; // the greeting answers nothing
      const words = say();
      const thumb = (value: 'up' | 'down') =>
        h(
          'button',
          {
            type: 'button',
            value,
            class: 'thumb',
            'aria-label': words[value],
            onclick: () => void rate(message.message_id, value, box),
          },
          icon('thumbs-' + value),
        );
      const box = h('div', { class: 'thumbs' }, thumb('up'), thumb('down'), h('span', { class: 'thanks', role: 'status' }));
      mark(box, given.get(message.message_id) ?? message.feedback ?? '');
      row.append(box);
    }
  }
  new MutationObserver(decorate).observe(root, { childList: true, subtree: true });
  decorate();

  // -- The scenario's colour, unless the page chose one ------------------------------------------------------------
  async function brand(): Promise<void> {
    try {
      const answer = await fetch(`${config.base}api/v1/scenarios/${encodeURIComponent(config.scenario)}/branding`, {
        credentials: 'omit',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const colour = answer.ok ? hexColour(((await answer.json()) as { colour?: string }).colour ?? '') : null;
      if (!colour) return;
      const { style } = root.host as HTMLElement;
      style.setProperty('--accent', colour);
      style.setProperty('--on-accent', inkOn(colour));
    } catch {
      // The colour stays.
    }
  }
  if (config.scenario && config.accent === DEFAULT_ACCENT) void brand();
}
