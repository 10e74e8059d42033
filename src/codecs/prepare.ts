import type { Codec } from '../core/Codec.ts';
import { Prepared } from '../core/Prepared.ts';
import { toData } from '../core/toData.ts';

/**
 * Encodes a message once, for any number of connections; its frame is made once too. Each connection's `send` takes the
 * result, and `value` is the message. Throws what `codec.encode` throws.
 *
 * @example
 * const ticks = market.pipe(map((tick) => prepare(tick, codec)), share());
 * listen({ port: 8080, codec }).pipe(handle(() => ticks)).subscribe();
 */
export function prepare<T>(message: T, codec?: Codec<never, T> | Codec<unknown, T>): Prepared<T> {
  return new Prepared(message, toData(codec ? codec.encode(message) : message));
}
