/** An import in pieces, so that its progress can be shown: pure. */

export interface Piece {
  body: { files: { name: string; content: string }[] } | { csv: string; first_line: number };
  /** How many articles it holds. */
  size: number;
}

const FILES = 20;
const ROWS = 100;
/** Bytes of one piece, roughly: the server takes four million. */
const MOST = 1_000_000;

export function piecesOfFiles(files: readonly { name: string; content: string }[]): Piece[] {
  const out: Piece[] = [];
  let part: { name: string; content: string }[] = [];
  let bytes = 0;
  const end = () => {
    if (part.length) out.push({ body: { files: part }, size: part.length });
    part = [];
    bytes = 0;
  };
  for (const file of files) {
    if (part.length >= FILES || bytes + file.content.length > MOST) end();
    part.push(file);
    bytes += file.content.length;
  }
  end();
  return out;
}

/** The rows of a CSV file as they stand there, with the number of the line on which each begins. */
export function rowsOf(csv: string): { text: string; line: number }[] {
  const out: { text: string; line: number }[] = [];
  let quoted = false;
  let from = 0;
  let line = 1;
  let begins = 1;
  for (let i = 0; i <= csv.length; i++) {
    const sign = csv[i];
    if (sign === '"') quoted = !quoted;
    if (i < csv.length && (sign !== '\n' || quoted)) {
      if (sign === '\n') line++;
      continue;
    }
    const text = csv.slice(from, i).replace(/\r$/, '');
    if (text.trim()) out.push({ text, line: begins });
    from = i + 1;
    begins = ++line;
  }
  return out;
}

/** Each piece has the line of headings; blank lines between rows end one, so that the lines' numbers stay right. */
export function piecesOfTable(csv: string): Piece[] {
  const [heading, ...rows] = rowsOf(csv.replace(/^\uFEFF/, ''));
  if (!heading) return [];
  const out: Piece[] = [];
  let begun: { text: string; line: number }[] = [];
  let bytes = 0;
  const end = () => {
    const first = begun[0];
    if (first) out.push({ body: { csv: [heading.text, ...begun.map(({ text }) => text)].join('\n'), first_line: first.line }, size: begun.length });
    begun = [];
    bytes = 0;
  };
  for (const row of rows) {
    const last = begun.at(-1);
    const follows = !last || row.line === last.line + last.text.split('\n').length;
    if (begun.length >= ROWS || bytes + row.text.length > MOST || !follows) end();
    begun.push(row);
    bytes += row.text.length;
  }
  end();
  return out;
}
