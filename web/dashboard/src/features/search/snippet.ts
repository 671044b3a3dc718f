export interface Piece {
  text: string;
  found: boolean;
}

/** A snippet in pieces: the found words stand between [[ and ]]. An opening without its end is text. */
export function pieces(snippet: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  for (const match of snippet.matchAll(/\[\[(.*?)\]\]/gs)) {
    if (match.index > at) out.push({ text: snippet.slice(at, match.index), found: false });
    if (match[1]) out.push({ text: match[1], found: true });
    at = match.index + match[0].length;
  }
  if (at < snippet.length) out.push({ text: snippet.slice(at), found: false });
  return out;
}
