import type { Codec } from '../core/Codec.ts';
import { bytesIn } from './bytesIn.ts';

/**
 * Binary messages, as they are. A text message closes the connection with 1003.
 *
 * @example
 * listen({ port: 8080, codec: binary() }).pipe(handle(({ messages }) => messages)).subscribe();
 */
export function binary(): Codec<Uint8Array, Uint8Array> {
  return { decode: bytesIn, encode: (message) => message };
}
