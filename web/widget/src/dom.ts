// Building elements without markup strings: works under any CSP and under Trusted Types.
import lucide from 'virtual:icons';
import { parts } from './text.ts';

const nodes: typeof lucide = {
  ...lucide,
  // lucide's has rounded tips, which nobody sees at this size and which take 400 characters.
  star: [['path', { d: 'm12 3 2.8 5.7 6.2.9-4.5 4.4 1.1 6.2-5.6-3-5.6 3 1.1-6.2L3 9.6l6.2-.9z' }]],
};

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

/** `on…` are listeners, `class` and the rest attributes; false, null and undefined leave the attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value as EventListener);
    else attribute(element, name, value);
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

export function attribute(element: Element, name: string, value: unknown): void {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? '' : String(value));
}

/** Sets the text only when it differs, so that live regions do not speak again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function icon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon icon-' + name);
  for (const [tag, attributes] of nodes[name] ?? []) {
    const shape = document.createElementNS(space, tag);
    for (const key in attributes) shape.setAttribute(key, attributes[key]!);
    svg.append(shape);
  }
  return svg;
}

/** A message body: text nodes, and anchors for http(s) addresses. */
export function linked(text: string): Node[] {
  return parts(text).map((part) =>
    typeof part === 'string'
      ? document.createTextNode(part)
      : h('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, part.text),
  );
}
