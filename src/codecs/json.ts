import { CloseError } from '../core/CloseError.ts';
import type { Codec } from '../core/Codec.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';

/** Whether a text may have a key `__proto__`, also one with letters written as `\u005f`. */
const SUSPECT = /__proto__|\\u00[567]/i;

/**
 * Text messages of JSON (RFC 8259). The types are promises of the peer's, and are not looked at.
 *
 * A text that is no JSON closes the connection with 1007, a binary message with 1003. A key `__proto__` is left out: it
 * is nobody's data, and would become a prototype where objects are merged. A value without JSON (`undefined`, a function,
 * a bigint, a circle) closes with 1011.
 *
 * @example
 * connect({ url, codec: json<Quote, Order>() })
 */
export function json<In = unknown, Out = In>(): Codec<In, Out> {
  return {
    decode: (data) => {
      if (typeof data !== 'string') throw new CloseError(1003, 'messages are text');
      // A reviver is many times slower: only where it may find something.
      try {
        return (SUSPECT.test(data) ? JSON.parse(data, withoutProto) : JSON.parse(data)) as In;
      } catch (cause) {
        // The peer's fault, and nothing to warn of.
        throw new CloseError(1007, 'messages are JSON', { cause });
      }
    },
    encode: (message) => {
      const text = JSON.stringify(message) as string | undefined;
      if (text === undefined)
        throw new InvalidArgumentError(`a message that is ${typeof message} has no JSON`);
      return text;
    },
  };
}

function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
