import type { Conversation, Page, Queue } from '../../../../shared/api/types.ts';
import type { LiveEvent } from '../../../../shared/live/frames.ts';
import { live } from '../live/live.svelte.ts';
import { api, session } from '../session/session.svelte.ts';
import { applyEvents, applyQueue, applyRows, emptyInbox, isMine, markDraft, markRead, sections, type InboxState } from './inbox.ts';

export type View = 'inbox' | 'active' | 'assistant' | 'resolved';

const listed: Record<Exclude<View, 'inbox'>, string> = {
  active: 'active',
  assistant: 'bot',
  resolved: 'resolved,closed',
};

/** The figures of the day come with the queue only; counts arrive by event, so once in a while is enough. */
const FIGURES_MS = 10_000;

class Inbox {
  state = $state.raw<InboxState>(emptyInbox);
  loaded = $state(false);
  failed = $state(false);
  view = $state<View>('inbox');
  /** Pages of the listed views: the cursor of the next one, null at the end, absent before the first. */
  cursors = $state<Partial<Record<View, string | null>>>({});

  readonly sections = $derived(
    sections(this.state.rows.values(), session.me ?? { staff_id: '', name: '' }),
  );
  /** What asks for attention, shown in the title of the browser tab. */
  readonly attention = $derived(
    this.sections.waiting.length + this.sections.mine.filter((row) => row.unread).length,
  );

  #held: LiveEvent[] | null = null;
  #figures: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    live.listen({
      ready: (fresh) => {
        if (fresh) void this.refresh();
      },
      events: (events) => this.#receive(events),
    });
  }

  /** Loads the snapshot; events that arrive meanwhile are held back and applied on top of it. */
  async refresh(): Promise<void> {
    this.#held ??= [];
    try {
      await this.#loadQueue();
      this.loaded = true;
      this.failed = false;
      this.cursors = {};
      await this.show(this.view);
    } catch {
      this.failed = !this.loaded;
    } finally {
      const held = this.#held ?? [];
      this.#held = null;
      this.state = applyEvents(this.state, held);
    }
  }

  async show(view: View): Promise<void> {
    this.view = view;
    if (view !== 'inbox' && this.cursors[view] === undefined) await this.more(view);
  }

  /** The next page of a listed view. */
  async more(view: View): Promise<void> {
    if (view === 'inbox' || this.cursors[view] === null) return;
    const page = await api.get<Page<Conversation>>('/conversations', {
      query: { status: listed[view], limit: 50, cursor: this.cursors[view] },
    });
    this.state = applyRows(this.state, page.items);
    this.cursors = { ...this.cursors, [view]: page.next_cursor };
  }

  put(row: Conversation): void {
    this.state = applyRows(this.state, [row]);
  }

  read(id: string): void {
    this.state = markRead(this.state, id);
  }

  drafted(id: string, draft: boolean): void {
    this.state = markDraft(this.state, id, draft);
  }

  clear(): void {
    clearTimeout(this.#figures);
    this.state = emptyInbox;
    this.loaded = false;
    this.view = 'inbox';
    this.cursors = {};
  }

  mine(row: Conversation): boolean {
    return isMine(row, session.me?.staff_id ?? '');
  }

  #receive(events: LiveEvent[]): void {
    if (this.#held) this.#held.push(...events);
    else this.state = applyEvents(this.state, events);
    if (events.some(({ type }) => type === 'queue.update' || type.startsWith('conversation.'))) this.#refreshFiguresSoon();
  }

  #refreshFiguresSoon(): void {
    this.#figures ??= setTimeout(() => {
      this.#figures = undefined;
      if (session.phase === 'in') void this.#loadQueue().catch(() => undefined);
    }, FIGURES_MS);
  }

  async #loadQueue(): Promise<void> {
    this.state = applyQueue(this.state, await api.get<Queue>('/queue'), session.me?.staff_id ?? '');
  }
}

export const inbox = new Inbox();
