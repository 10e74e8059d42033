import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { onRejection } from '../core/onRejection.ts';

/** A message of another process: the codec of a connection reads what its peer sends, and not what the peer is sent. */
export function decodeSent<T>(codec: Codec<never, T> | Codec<unknown, T>, data: Data): T {
  if (codec.decodeSent) return codec.decodeSent(data) as T;
  const value: unknown = codec.decode(data);
  if (typeof value === 'object' && value !== null && 'then' in value) {
    onRejection(value, () => undefined);
    throw new InvalidArgumentError('topics need a codec that decodes at once: give it decodeSent');
  }
  return value as T;
}
