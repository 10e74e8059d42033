import type { Codec } from '../core/Codec.ts';
import { textIn } from './textIn.ts';

/**
 * Text messages, as they are. A binary message closes the connection with 1003.
 *
 * @example
 * listen({ port: 8080, codec: text() }).pipe(handle(({ messages }) => messages)).subscribe();
 */
export function text(): Codec<string, string> {
  return { decode: textIn, encode: (message) => message };
}
