import type { DraftKind } from '../../../../shared/api/types.ts';
import type { Typing } from '../../../../shared/live/frames.ts';

/** A writer whose "stopped" never arrives is forgotten after this long. */
const FORGET_MS = 8_000;

export interface Writer {
  who: 'customer' | 'staff';
  staffId: string | null;
  name: string;
  kind: DraftKind;
}

/** Who is writing in the open conversation, ourselves excepted. */
export class Writers {
  list = $state.raw<readonly Writer[]>([]);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  apply(typing: Typing): void {
    const key = typing.staff_id ?? typing.who;
    clearTimeout(this.#timers.get(key));
    this.#remove(key);
    if (!typing.typing) return;
    const writer: Writer = {
      who: typing.who,
      staffId: typing.staff_id ?? null,
      name: typing.name ?? '',
      kind: typing.kind ?? 'reply',
    };
    this.list = [...this.list, writer];
    this.#timers.set(key, setTimeout(() => this.#remove(key), FORGET_MS));
  }

  /** A message is the end of writing it. */
  spoke(who: 'customer' | 'staff', staffId: string | null): void {
    this.#remove(staffId ?? who);
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.list = [];
  }

  #remove(key: string): void {
    const rest = this.list.filter((writer) => (writer.staffId ?? writer.who) !== key);
    if (rest.length !== this.list.length) this.list = rest;
  }
}
