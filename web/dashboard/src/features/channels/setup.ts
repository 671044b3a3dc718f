import type { ChannelMapping } from '../../../../shared/api/admin.ts';

/** The places of a mapping in the order of the form. */
export const places = ['text', 'user_id', 'message_id', 'name', 'phone', 'email', 'timestamp', 'session', 'items'] as const;

export const emptyMapping: ChannelMapping = {
  items: '',
  text: '',
  user_id: '',
  message_id: '',
  name: '',
  phone: '',
  email: '',
  timestamp: '',
  session: '',
  only_when: [],
};

/** Conditions as lines: "/event = message". What reads as a JSON number, true, false or null is meant so. */
export function conditionsText(conditions: ChannelMapping['only_when']): string {
  return conditions.map(({ place, equals }) => `${place} = ${typeof equals === 'string' && literal(equals) === equals ? equals : JSON.stringify(equals)}`).join('\n');
}

export function conditionsOf(text: string): ChannelMapping['only_when'] {
  return lines(text).map((line) => {
    const [place = '', value = ''] = cut(line, '=');
    return { place, equals: literal(value) };
  });
}

/** Headers as lines: "apikey: secret". */
export function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(lines(text).map((line) => cut(line, ':')));
}

/** What is sent of a send address that was filled in; undefined when nothing was. */
export function sendOf(form: { url: string; headers: string; body: string; format: 'json' | 'form' }, before: boolean) {
  const url = form.url.trim();
  if (!url && !before) return undefined;
  return {
    ...(url && { url }),
    ...(form.headers.trim() && { headers: headersOf(form.headers) }),
    body: form.body.trim(),
    format: form.format,
  };
}

function literal(text: string): string | number | boolean | null {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || ['string', 'number', 'boolean'].includes(typeof value) ? (value as string | number | boolean | null) : text;
  } catch {
    return text;
  }
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function cut(line: string, mark: string): [string, string] {
  const at = line.indexOf(mark);
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
