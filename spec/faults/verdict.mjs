// What RFC 6455 makes of a stream of bytes: a decoder that shares nothing with the one under test.
import { BINARY, CLOSE, CONTINUATION, TEXT } from './wire.mjs';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const isText = (bytes) => {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
};

const isCloseCode = (code) =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);

/**
 * The messages that are whole, and how it ends: a `fault` with the code that has to be sent for it, a `close` with its
 * code, or undefined where more may come. `masked`: the sender has to mask.
 */
export function verdict(bytes, { masked, maxMessageBytes }) {
  const messages = [];
  let at = 0;
  let parts;
  const fault = (code) => ({ messages, fault: code });
  for (;;) {
    if (bytes.length - at < 2) return { messages };
    const [first, second] = [bytes[at], bytes[at + 1]];
    const fin = (first & 0x80) !== 0;
    const opcode = first & 0x0f;
    const isControl = opcode >= 8;
    let length = second & 0x7f;
    if ((first & 0x70) !== 0) return fault(1002);
    if (![CONTINUATION, TEXT, BINARY, 8, 9, 10].includes(opcode)) return fault(1002);
    if (isControl && (!fin || length > 125 || (opcode === CLOSE && length === 1))) return fault(1002);
    if (opcode === CONTINUATION && parts === undefined) return fault(1002);
    if ((opcode === TEXT || opcode === BINARY) && parts !== undefined) return fault(1002);
    if (((second & 0x80) !== 0) !== masked) return fault(1002);
    at += 2;
    if (length === 126) {
      if (bytes.length - at < 2) return { messages };
      length = bytes.readUInt16BE(at);
      at += 2;
    } else if (length === 127) {
      if (bytes.length - at < 8) return { messages };
      // As a number it is not exact, and far over any bound.
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
    }
    if (!isControl && (parts?.bytes ?? 0) + length > maxMessageBytes) return fault(1009);
    const keyAt = at;
    if (masked) at += 4;
    if (bytes.length - at < length) return { messages };
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (masked) for (let i = 0; i < length; i++) payload[i] ^= bytes[keyAt + (i & 3)];
    at += length;
    if (opcode === CLOSE) {
      if (length === 0) return { messages, close: 1005 };
      const code = payload.readUInt16BE(0);
      if (!isCloseCode(code)) return fault(1002);
      return isText(payload.subarray(2)) ? { messages, close: code } : fault(1007);
    }
    if (isControl) continue;
    parts ??= { opcode, bytes: 0, payloads: [] };
    parts.bytes += length;
    parts.payloads.push(payload);
    if (!fin) continue;
    const whole = Buffer.concat(parts.payloads);
    if (parts.opcode === TEXT && !isText(whole)) return fault(1007);
    messages.push(`${parts.opcode === TEXT ? 'text' : 'binary'} ${whole.toString('hex')}`);
    parts = undefined;
  }
}
