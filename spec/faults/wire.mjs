// Frames as they stand on the wire (RFC 6455, 5.2), right ones and wrong ones.

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

const KEY = [0x37, 0xfa, 0x21, 0x3d];

/**
 * One frame. `length` is what the header says, where that is not the truth; `size` forces a form of the length: 7, 16 or
 * 64 bits.
 */
export function frame(
  opcode,
  payload = '',
  { fin = true, rsv = 0, masked = false, length, size, key = KEY } = {},
) {
  const bytes = Buffer.from(payload);
  const said = length ?? bytes.length;
  const form = size ?? (said < 126 ? 7 : said < 65_536 ? 16 : 64);
  const header = Buffer.alloc({ 7: 2, 16: 4, 64: 10 }[form] + (masked ? 4 : 0));
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  header[1] = (masked ? 0x80 : 0) | { 7: said, 16: 126, 64: 127 }[form];
  if (form === 16) header.writeUInt16BE(said, 2);
  if (form === 64) header.writeBigUInt64BE(BigInt(said), 2);
  if (masked) {
    header.set(key, header.length - 4);
    for (let i = 0; i < bytes.length; i++) bytes[i] ^= key[i & 3];
  }
  return Buffer.concat([header, bytes]);
}

export const text = (payload, options) => frame(TEXT, payload, options);

export function close(code, reason = '', options) {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return frame(CLOSE, payload, options);
}

/** Reads frames from pieces of a stream; it finds fault with nothing. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  /** The frames that are whole by now. */
  push(piece) {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const frames = [];
    for (let found = this.#next(); found !== undefined; found = this.#next()) frames.push(found);
    return frames;
  }

  /** Bytes of a frame that has not come whole. */
  get pending() {
    return this.#rest.length;
  }

  #next() {
    const bytes = this.#rest;
    if (bytes.length < 2) return undefined;
    let length = bytes[1] & 0x7f;
    let at = 2;
    if (length === 126) {
      if (bytes.length < 4) return undefined;
      length = bytes.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return undefined;
      length = Number(bytes.readBigUInt64BE(2));
      at = 10;
    }
    const masked = (bytes[1] & 0x80) !== 0;
    const key = bytes.subarray(at, at + 4);
    if (masked) at += 4;
    if (bytes.length < at + length) return undefined;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (masked) for (let i = 0; i < length; i++) payload[i] ^= key[i & 3];
    this.#rest = bytes.subarray(at + length);
    return { fin: (bytes[0] & 0x80) !== 0, rsv: (bytes[0] >> 4) & 7, opcode: bytes[0] & 15, masked, payload };
  }
}
