import type { Data } from '../core/Data.ts';
import { DecodeError } from '../core/DecodeError.ts';

/** The bytes that a message is; text is refused with 1003. */
export function bytesIn(data: Data): Uint8Array {
  if (typeof data !== 'string') return data;
  throw new DecodeError('a text message where messages are binary', {
    closeCode: 1003,
    reason: 'messages are binary',
  });
}
