import type { Data } from '../core/Data.ts';
import { DecodeError } from '../core/DecodeError.ts';

/** The text that a message is; bytes are refused with 1003. */
export function textIn(data: Data): string {
  if (typeof data === 'string') return data;
  throw new DecodeError('a binary message where messages are text', {
    closeCode: 1003,
    reason: 'messages are text',
  });
}
