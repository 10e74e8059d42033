import { Decoder, Encoder } from '@msgpack/msgpack';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import { DecodeError } from '../core/DecodeError.ts';
import { bytesIn } from './bytesIn.ts';
import { isWholeMsgpack } from './isWholeMsgpack.ts';
import type { Schemas } from './Schemas.ts';
import { type Unchecked, validated } from './validated.ts';

/**
 * Binary messages of MessagePack, by `@msgpack/msgpack`, which you install beside this library. Types and schemas as for
 * `json`. Bytes stay bytes (`Uint8Array`), a `Date` a `Date`; as in JSON, what is `undefined` in an object is left out.
 *
 * Bytes that are no MessagePack, have a key `__proto__`, or announce more than they hold close the connection with 1007, a text
 * message with 1003, if `undecodable` does not say otherwise; what cannot be encoded (a function, a bigint, a circle) with
 * 1011. Bytes in a message are a view of it: copy what is kept for long.
 *
 * @example
 * import { msgpack } from 'rxjs-ws/msgpack';
 * listen({ port: 8080, codec: msgpack<Order, Quote>() })
 */
export function msgpack<In = unknown, Out = In>(): Codec<In, Out>;
export function msgpack<I extends StandardSchemaV1, O extends StandardSchemaV1>(
  schemas: Schemas<I, O>,
): Codec<StandardSchemaV1.InferOutput<I>, StandardSchemaV1.InferInput<O>>;
export function msgpack(schemas?: Schemas<StandardSchemaV1, StandardSchemaV1>): Codec<unknown, unknown> {
  const codec = unchecked();
  return schemas === undefined ? codec : validated(codec, schemas);
}

function unchecked(): Unchecked & Codec<unknown, unknown> {
  const decoder = new Decoder();
  const encoder = new Encoder({ ignoreUndefined: true });
  return {
    decode: (data: Data): unknown => {
      const bytes = bytesIn(data);
      let cause: unknown;
      try {
        if (isWholeMsgpack(bytes)) return decoder.decode(bytes);
      } catch (error) {
        cause = error;
      }
      throw new DecodeError('a message is no MessagePack', { reason: 'messages are MessagePack', cause });
    },
    encode: (message) => encoder.encode(message),
  };
}
