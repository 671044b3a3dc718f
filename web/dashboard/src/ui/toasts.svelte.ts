export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 8_000;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;

  show(text: string, action?: Toast['action'], tone: Toast['tone'] = 'plain'): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), { id, text, tone, ...(action && { action }) }];
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  error(text: string): void {
    this.show(text, undefined, 'danger');
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
