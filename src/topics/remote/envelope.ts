import { Buffer } from 'node:buffer';
import type { Data } from '../../core/Data.ts';
import { ownBytes } from '../../core/ownBytes.ts';

// A payload is `rxws1`, `t` or `b` for text or bytes, a line feed, and the message. Or it is `rxws1`, `m` for many, a line feed, and
// of each message `t` or `b`, its length in bytes, a space and an id where the server has given one, a line feed, and the message.
const MAGIC = 'rxws1';
const TEXT = `${MAGIC}t\n`;
const BYTES = Buffer.from(`${MAGIC}b\n`);
const MANY = `${MAGIC}m\n`;
const KIND = MAGIC.length;
const HEAD = TEXT.length;
const MAX_ID = 32;
const SPACE = 32;
const LINE_FEED = 10;

/** A message to be published, and its size in bytes. */
export interface Sized {
  readonly data: Data;
  readonly size: number;
}

/** A message of a payload. */
export interface Content {
  readonly data: Data;
  readonly id: string | undefined;
}

/** What goes over a bus for messages. */
export function wrapAll(messages: readonly Sized[]): string | Uint8Array {
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return wrap(only.data);
  let text = MANY;
  const parts: Uint8Array[] = [];
  for (const { data, size } of messages) {
    if (typeof data === 'string') {
      text += `t${size}\n${data}`;
      continue;
    }
    parts.push(Buffer.from(`${text}b${size}\n`), data);
    text = '';
  }
  return parts.length === 0 ? text : Buffer.concat([...parts, Buffer.from(text)]);
}

/** What goes over a bus for a message. */
export function wrap(data: Data): string | Uint8Array {
  return typeof data === 'string' ? TEXT + data : Buffer.concat([BYTES, data]);
}

/** What `wrapAll` made, with ids put in on the way; undefined for what is not ours. */
export function unwrap(payload: Uint8Array): readonly Content[] | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (bytes.toString('latin1', 0, KIND) !== MAGIC) return undefined;
  if (bytes[KIND + 1] !== LINE_FEED) return undefined;
  if (bytes[KIND] === 0x6d) return many(bytes);
  const data = dataOf(bytes[KIND], bytes, HEAD, bytes.length);
  return data === undefined ? undefined : [{ data, id: undefined }];
}

function many(bytes: Buffer): readonly Content[] | undefined {
  const contents: Content[] = [];
  for (let at = HEAD; at < bytes.length;) {
    const kind = bytes[at++];
    let size = 0;
    for (let digit = digitAt(bytes, at); digit !== undefined; digit = digitAt(bytes, ++at))
      size = size * 10 + digit;
    const end = bytes[at] === SPACE ? bytes.indexOf(LINE_FEED, at) : at;
    if (bytes[end] !== LINE_FEED || end > at + 1 + MAX_ID || end + 1 + size > bytes.length) return undefined;
    const id = end === at ? undefined : bytes.toString('latin1', at + 1, end);
    const start = end + 1;
    at = start + size;
    const data = dataOf(kind, bytes, start, at);
    if (data === undefined) return undefined;
    contents.push({ data, id });
  }
  return contents;
}

function digitAt(bytes: Buffer, at: number): number | undefined {
  const byte = bytes[at];
  return byte !== undefined && byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : undefined;
}

function dataOf(kind: number | undefined, bytes: Buffer, start: number, end: number): Data | undefined {
  if (kind === 0x74) return bytes.toString('utf8', start, end);
  return kind === 0x62 ? ownBytes(bytes.subarray(start, end)) : undefined;
}
