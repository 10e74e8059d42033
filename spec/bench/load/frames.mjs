// Frames as a client sends them, made before anything is measured (RFC 6455, 5.2).

const KEY = [0x37, 0xfa, 0x21, 0x3d];

export const headerBytes = (length) => (length < 126 ? 2 : length < 65_536 ? 4 : 10);

/** One text frame; `masked` as a client's has to be. */
export function textFrame(text, masked = true) {
  const payload = Buffer.from(text);
  const { length } = payload;
  const size = headerBytes(length);
  const frame = Buffer.alloc(size + (masked ? 4 : 0) + length);
  frame[0] = 0x81;
  frame[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (size === 4) frame.writeUInt16BE(length, 2);
  if (size === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  if (masked) {
    frame.set(KEY, size);
    for (let i = 0; i < length; i++) payload[i] ^= KEY[i & 3];
  }
  frame.set(payload, frame.length - length);
  return frame;
}

/** `count` frames behind each other. */
export const repeated = (frame, count) => Buffer.concat(Array.from({ length: count }, () => frame));
