import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';

/**
 * A value on its way over memory, where no codec makes bytes of it: it counts for as many as its JSON, and arrives as it is.
 */
export class ValueBytes extends Uint8Array {
  readonly value: unknown;

  constructor(value: unknown) {
    super(new TextEncoder().encode(JSON.stringify(value) ?? '').byteLength);
    this.value = value;
  }
}

/** `value` as it goes over memory: text and bytes as they are. */
export function overMemory(value: unknown): Data {
  return typeof value === 'string' || value instanceof Uint8Array ? value : new ValueBytes(value);
}

/**
 * The codec of a marble connection. What is text or bytes goes through `codec`, as in production; a value of a diagram is
 * what a codec has made of it already.
 */
export function valueCodec(codec: Codec<unknown, unknown> | undefined): Codec<unknown, unknown> {
  return {
    decode: (data) => (data instanceof ValueBytes ? data.value : codec ? codec.decode(data) : data),
    encode: (message) => (codec ? codec.encode(message) : overMemory(message)),
  };
}
