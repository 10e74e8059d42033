// Valid streams of frames, and what chance makes of them.
import { BINARY, close, CONTINUATION, frame, PING, PONG, text } from './wire.mjs';

const words = ['', 'a', 'hello', 'für', '日本語', '🙂🙃', 'x'.repeat(125), 'y'.repeat(126), 'zé'.repeat(70)];

/** A few messages, whole and in parts, with pings between, often with a close at the end. */
export function validStream(random, masked) {
  const key = () => Array.from({ length: 4 }, () => random.below(256));
  const options = (more) => ({ masked, key: key(), ...more });
  const frames = [];
  for (let count = 1 + random.below(5); count > 0; count--) {
    const word = random.pick(words);
    const kind = random.below(6);
    if (kind === 0) frames.push(frame(random.pick([PING, PONG]), word.slice(0, 20), options()));
    else if (kind === 1) frames.push(frame(BINARY, Buffer.from(word), options()));
    else if (kind === 2) {
      const bytes = Buffer.from(word);
      const middle = random.below(bytes.length + 1);
      frames.push(text(bytes.subarray(0, middle), options({ fin: false })));
      if (random.next() < 0.5) frames.push(frame(PING, 'between', options()));
      if (random.next() < 0.3) frames.push(frame(CONTINUATION, '', options({ fin: false })));
      frames.push(frame(CONTINUATION, bytes.subarray(middle), options()));
    } else if (kind === 3) frames.push(text(word, options({ size: random.pick([16, 64]) })));
    else frames.push(text(word, options()));
  }
  if (random.next() < 0.4)
    frames.push(close(random.pick([1000, 1001, 4000]), random.pick(words.slice(0, 5)), options()));
  return Buffer.concat(frames);
}

const place = (random, bytes) => random.below(bytes.length + 1);
const kinds = [
  (random, bytes) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    return bytes;
  },
  (random, bytes) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return Buffer.concat([bytes.subarray(0, at), Buffer.of(random.below(256)), bytes.subarray(at)]);
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4))]);
  },
  (random, bytes) => bytes.subarray(0, place(random, bytes)),
  (random, bytes) => {
    const [from, to] = [place(random, bytes), place(random, bytes)].sort((a, b) => a - b);
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)]);
  },
  (random, bytes) => {
    const at = place(random, bytes);
    return Buffer.concat([bytes.subarray(at), bytes.subarray(0, at)]);
  },
];

/** The same with one to three things done to it. */
export function mutated(random, stream) {
  let bytes = Buffer.from(stream);
  for (let count = 1 + random.below(3); count > 0; count--) bytes = random.pick(kinds)(random, bytes);
  return bytes;
}
