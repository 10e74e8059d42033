import { Buffer } from 'node:buffer';
import type { Data } from '../../core/Data.ts';
import { ownBytes } from '../../core/ownBytes.ts';

// A payload is `rxws1`, `t` or `b` for text or bytes, an id where the server has put one, a line feed, and the message.
const MAGIC = 'rxws1';
const TEXT = `${MAGIC}t\n`;
const BYTES = Buffer.from(`${MAGIC}b\n`);
const KIND = MAGIC.length;
const MAX_ID = 32;

/** What goes over a bus for a message. */
export function wrap(data: Data): string | Uint8Array {
  return typeof data === 'string' ? TEXT + data : Buffer.concat([BYTES, data]);
}

/** What `wrap` made, with an id put in on the way; undefined for what is not ours. */
export function unwrap(payload: Uint8Array): { data: Data; id: string | undefined } | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (bytes.toString('latin1', 0, KIND) !== MAGIC) return undefined;
  const end = bytes.subarray(0, KIND + 1 + MAX_ID + 1).indexOf(10, KIND + 1);
  if (end === -1) return undefined;
  const id = end === KIND + 1 ? undefined : bytes.toString('latin1', KIND + 1, end);
  switch (bytes[KIND]) {
    case 0x74:
      return { id, data: bytes.toString('utf8', end + 1) };
    case 0x62:
      return { id, data: ownBytes(bytes.subarray(end + 1)) };
    default:
      return undefined;
  }
}
