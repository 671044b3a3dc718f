/** What changed between two texts, line by line: pure. */

export interface Line {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Longer texts are shown as removed and added as a whole: the table of the comparison would be too large. */
const MOST_LINES = 1500;

export function difference(before: string, after: string): Line[] {
  const old = before.split('\n');
  const fresh = after.split('\n');
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const line = (kind: Line['kind']) => (text: string): Line => ({ kind, text });
  const middle = between(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail));
  return [...old.slice(0, head).map(line('same')), ...middle, ...old.slice(old.length - tail).map(line('same'))];
}

/** By the longest common subsequence. */
function between(old: string[], fresh: string[]): Line[] {
  const removed = (text: string): Line => ({ kind: 'removed', text });
  const added = (text: string): Line => ({ kind: 'added', text });
  if (!old.length || !fresh.length || old.length > MOST_LINES || fresh.length > MOST_LINES) return [...old.map(removed), ...fresh.map(added)];
  const width = fresh.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const out: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      out.push({ kind: 'same', text: old[i++] ?? '' });
      j++;
    } else if (j >= fresh.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) out.push(removed(old[i++] ?? ''));
    else out.push(added(fresh[j++] ?? ''));
  }
  return out;
}
