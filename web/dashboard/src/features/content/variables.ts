/** The places that a template may leave for the server to fill. */
export const variables = [
  'customer.name',
  'customer.first_name',
  'customer.email',
  'customer.phone',
  'staff.name',
  'staff.first_name',
  'conversation.id',
  'conversation.category',
  'company',
  'department',
] as const;
export type Variable = (typeof variables)[number];

export interface Part {
  text: string;
  /** A filled place, a place that nothing fills, or the text around them. */
  kind: 'text' | 'filled' | 'unknown';
}

/** A template's text cut into what stays and what is filled in, as the server's own rendering does. */
export function preview(body: string, values: Readonly<Partial<Record<string, string>>>): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of body.matchAll(/\{\{\s*(.*?)\s*\}\}/gs)) {
    if (match.index > at) parts.push({ text: body.slice(at, match.index), kind: 'text' });
    const value = values[match[1] ?? ''];
    parts.push(value ? { text: value, kind: 'filled' } : { text: match[0], kind: 'unknown' });
    at = match.index + match[0].length;
  }
  if (at < body.length) parts.push({ text: body.slice(at), kind: 'text' });
  return parts;
}

/** Puts a place in where the cursor stands. */
export function inserted(body: string, start: number, end: number, name: string): { body: string; cursor: number } {
  const place = `{{${name}}}`;
  return { body: body.slice(0, start) + place + body.slice(end), cursor: start + place.length };
}
