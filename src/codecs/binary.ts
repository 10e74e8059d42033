import { CloseError } from '../core/CloseError.ts';
import type { Codec } from '../core/Codec.ts';

/**
 * Binary messages, as they are. A text message closes the connection with 1003.
 *
 * @example
 * listen({ port: 8080, codec: binary() }).pipe(handle(({ messages }) => messages)).subscribe();
 */
export function binary(): Codec<Uint8Array, Uint8Array> {
  return {
    decode: (data) => {
      if (typeof data === 'string') throw new CloseError(1003, 'messages are binary');
      return data;
    },
    encode: (message) => message,
  };
}
