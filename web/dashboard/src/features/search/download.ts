import { queryString, type Query } from '../../../../shared/api/client.ts';
import { session } from '../session/session.svelte.ts';

/** Fetches a file of the API with the session's token; throws when it is refused or cut off. */
export async function fetchFile(path: string, query: Query): Promise<Blob> {
  const token = await session.token(false);
  const answer = await fetch(`/api/v1${path}${queryString(query)}`, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    credentials: 'same-origin',
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.blob();
}

/** Gives a file to the browser to keep. */
export function keep(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
