import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import { DecodeError } from '../core/DecodeError.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import type { Schemas } from './Schemas.ts';
import { textIn } from './textIn.ts';
import { validated } from './validated.ts';

/** Whether a text may have a key `__proto__`, also one with letters written as `\u005f`. */
const SUSPECT = /__proto__|\\u00[567]/i;

/**
 * Text messages of JSON (RFC 8259). Without schemas the types are promises of the peer's, and are not looked at; with `in`
 * and `out` they are those of the schemas, and what arrives is validated, once, before anybody gets it.
 *
 *     export const server = json({ in: toServer, out: toClient });    one file, which both ends import
 *     export const client = json({ in: toClient, out: toServer });
 *
 * A text that is no JSON, and a message that does not fit `in`, closes the connection with 1007, a binary message with 1003, if
 * `undecodable` does not say otherwise; the error is a `DecodeError`, of which the peer sees nothing. A validator may give a
 * promise: later messages wait for it, and it has `unreadTimeoutMs` (30 s). A key `__proto__` is left out: it
 * is nobody's data, and would become a prototype where objects are merged. What is sent and has no JSON (`undefined`, a
 * function, a bigint, a circle), or with `validateOut` does not fit `out`, closes with 1011. **Throws** an `InvalidArgumentError` for what is no schema.
 *
 * @example
 * connect({ url, codec: json<Quote, Order>() })
 */
export function json<In = unknown, Out = In>(): Codec<In, Out>;
export function json<I extends StandardSchemaV1, O extends StandardSchemaV1>(
  schemas: Schemas<I, O>,
): Codec<StandardSchemaV1.InferOutput<I>, StandardSchemaV1.InferInput<O>>;
export function json(schemas?: Schemas<StandardSchemaV1, StandardSchemaV1>): Codec<unknown, unknown> {
  return schemas === undefined ? { decode, encode } : validated({ decode, encode }, schemas);
}

function decode(data: Data): unknown {
  const text = textIn(data);
  try {
    // A reviver is many times slower: only where it may find something.
    return SUSPECT.test(text) ? JSON.parse(text, withoutProto) : JSON.parse(text);
  } catch (cause) {
    throw new DecodeError('a message is no JSON', { reason: 'messages are JSON', cause });
  }
}

function encode(message: unknown): string {
  const text = JSON.stringify(message) as string | undefined;
  if (text === undefined) throw new InvalidArgumentError(`a message that is ${typeof message} has no JSON`);
  return text;
}

function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
