import { randomFillSync } from 'node:crypto';

/** Opcodes (RFC 6455, 5.2). */
export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
/** The longest header: 8 bytes of length, 4 of mask. */
export const MAX_HEADER_BYTES = 14;

const FIN = 0x80;
const MASKED = 0x80;
const MAX_SEEN_BYTES = 131_072;

/** The bytes in front of a payload of `length` bytes. */
export function headerBytes(length: number, masked: boolean): number {
  return (length < 126 ? 2 : length < 65_536 ? 4 : 10) + (masked ? 4 : 0);
}

/** Writes a header at `offset`, and the mask of `mask` where the frame is masked; returns where the payload begins. */
export function writeHeader(
  buffer: Buffer,
  offset: number,
  opcode: number,
  last: boolean,
  length: number,
  mask: Mask | undefined,
): number {
  let at = offset;
  const flag = mask === undefined ? 0 : MASKED;
  buffer[at++] = (last ? FIN : 0) | opcode;
  if (length < 126) buffer[at++] = flag | length;
  else if (length < 65_536) {
    buffer[at++] = flag | 126;
    buffer[at++] = length >> 8;
    buffer[at++] = length & 0xff;
  } else {
    buffer[at++] = flag | 127;
    buffer.writeUIntBE(0, at, 2);
    buffer.writeUIntBE(length, at + 2, 6);
    at += 8;
  }
  if (mask === undefined) return at;
  mask.next();
  buffer.set(mask.bytes, at);
  return at + 4;
}

/** A masking key, four random bytes that are new for each frame (RFC 6455, 5.3). */
class Mask {
  readonly bytes: Uint8Array = new Uint8Array(4);
  private readonly word: Int32Array = new Int32Array(this.bytes.buffer);
  /** Random bytes are fetched many at a time: for one key a call costs more than the frame. */
  private readonly pool = new Int32Array(2048);
  private used = this.pool.length;
  private seen: Buffer | undefined;
  private words: Int32Array = new Int32Array(0);

  next(): void {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.word[0] = this.pool[this.used++]!;
  }

  /** Masks `length` bytes of `buffer` in place; four at a time where the buffer begins on a word. */
  apply(buffer: Buffer, offset: number, length: number): void {
    const { bytes } = this;
    const end = offset + length;
    let at = offset;
    let key = 0;
    if (buffer.byteOffset % 4 === 0 && length >= 16) {
      while (at % 4 !== 0) buffer[at++]! ^= bytes[key++ & 3]!;
      const words = this.wordsOf(buffer);
      const word = turned(this.word[0]!, key);
      const lastWord = end >> 2;
      for (let i = at >> 2; i < lastWord; i++) words[i]! ^= word;
      key += (lastWord << 2) - at;
      at = lastWord << 2;
    }
    while (at < end) buffer[at++]! ^= bytes[key++ & 3]!;
  }

  /** The same memory as words. Nearly always it is the scratch, again and again. */
  private wordsOf(buffer: Buffer): Int32Array {
    if (buffer === this.seen) return this.words;
    const words = new Int32Array(buffer.buffer, buffer.byteOffset, buffer.length >> 2);
    // A large frame is not kept alive.
    if (buffer.length <= MAX_SEEN_BYTES) {
      this.seen = buffer;
      this.words = words;
    }
    return words;
  }
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The key as a word, turned so that it goes on where `used` single bytes left off. */
function turned(word: number, used: number): number {
  const bits = (used & 3) * 8;
  if (bits === 0) return word;
  return LITTLE_ENDIAN ? (word >>> bits) | (word << (32 - bits)) : (word << bits) | (word >>> (32 - bits));
}

/** One for the process: each frame is masked before the next one begins. */
export const mask: Mask = new Mask();
