import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { utf8Length } from '../core/utf8Length.ts';

const MAX_BYTES = 1_024;

/** A topic, or a pattern, as every bus can carry it: half a surrogate pair has no UTF-8, and becomes U+FFFD. */
export function topicName(name: string): string {
  if (typeof name !== 'string') throw new InvalidArgumentError(`a topic is a string, not a ${typeof name}`);
  // No longer than that in bytes, whatever is in it.
  if (name.length * 3 > MAX_BYTES && utf8Length(name) > MAX_BYTES)
    throw new InvalidArgumentError(
      `a topic has at most ${MAX_BYTES} bytes; this one begins with ${name.slice(0, 32)}`,
    );
  return /\p{Surrogate}/u.test(name) ? name.replace(/\p{Surrogate}/gu, '\ufffd') : name;
}
