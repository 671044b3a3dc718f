import { base, href, parseRoute, type Route } from './routes.ts';

class Router {
  route = $state.raw<Route>(parseRoute(location.pathname, location.search));

  constructor() {
    addEventListener('popstate', () => (this.route = parseRoute(location.pathname, location.search)));
    document.addEventListener('click', (event) => this.#follow(event));
  }

  go(route: Route): void {
    const path = href(route);
    if (path !== location.pathname + location.search) history.pushState(null, '', path);
    this.route = route;
  }

  /** Like go(), without a step of its own in the browser's history: for what changes while typing. */
  replace(route: Route): void {
    history.replaceState(null, '', href(route));
    this.route = route;
  }

  /** Plain clicks on our own links stay in the page; every other kind of click is the browser's. */
  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
      return;
    }
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith(`${base}/`)) return;
    event.preventDefault();
    this.go(parseRoute(link.pathname, link.search));
  }
}

export const router = new Router();
