import { CloseError } from '../core/CloseError.ts';
import type { Codec } from '../core/Codec.ts';

/**
 * Text messages, as they are. A binary message closes the connection with 1003.
 *
 * @example
 * listen({ port: 8080, codec: text() }).pipe(handle(({ messages }) => messages)).subscribe();
 */
export function text(): Codec<string, string> {
  return {
    decode: (data) => {
      if (typeof data !== 'string') throw new CloseError(1003, 'messages are text');
      return data;
    },
    encode: (message) => message,
  };
}
