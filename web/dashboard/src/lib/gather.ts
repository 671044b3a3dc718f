export interface Part<T> {
  items: readonly T[];
  next_cursor: string | null;
}

/**
 * Pages one after another until there are `enough` rows, no more pages, or `most` pages were asked for. A page may be
 * short or empty and go on all the same. `onpage` sees each as it comes.
 */
export async function gather<T>(ask: (cursor: string | null) => Promise<Part<T>>, from: string | null, enough: number, most: number, onpage: (part: Part<T>) => void): Promise<void> {
  let cursor = from;
  let rows = 0;
  for (let pages = 0; pages < most; pages++) {
    const part = await ask(cursor);
    rows += part.items.length;
    cursor = part.next_cursor;
    onpage(part);
    if (cursor === null || rows >= enough) return;
  }
}
