import { i18n, t } from '../../lib/i18n.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { fetchFile } from './download.ts';

/** Opens a conversation's transcript in a page of its own and asks to print it. */
export async function openTranscript(id: string): Promise<void> {
  // Opened now: a browser only allows it while the click lasts, and the file takes a moment.
  const page = window.open('', '_blank');
  try {
    const query = { format: 'html', language: i18n.language };
    const file = await fetchFile(`/conversations/${encodeURIComponent(id)}/transcript`, query);
    if (page) show(page, await file.text());
  } catch {
    page?.close();
    toasts.error(t('error.load'));
  }
}

/**
 * Puts a document into a page. The page stands under this one's content policy, which allows no style elements:
 * their rules are given to it as a style sheet made here. Scripts are not taken over.
 */
function show(page: Window, html: string): void {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const rules = [...parsed.querySelectorAll('style')].map((style) => style.textContent ?? '').join('\n');
  for (const element of parsed.querySelectorAll('script, style, link')) element.remove();
  const target = page.document;
  target.title = parsed.title;
  target.documentElement.lang = parsed.documentElement.lang;
  target.documentElement.dir = parsed.documentElement.dir;
  target.body.replaceChildren(...[...parsed.body.childNodes].map((node) => target.importNode(node, true)));
  const sheet = new (page as Window & typeof globalThis).CSSStyleSheet();
  sheet.replaceSync(rules);
  target.adoptedStyleSheets = [sheet];
  page.focus();
  page.print();
}
