import type { Message } from '../../../../shared/api/types.ts';

/** What the customer wants to know: their last message, unless staff have answered since. */
export function asked(messages: readonly Pick<Message, 'role' | 'message'>[]): string {
  for (let index = messages.length - 1; index >= 0; index--) {
    const { role, message } = messages[index]!;
    if (role === 'staff') return '';
    if (role === 'user') return message;
  }
  return '';
}
