import type { Data } from './Data.ts';

/**
 * A message that was encoded once, for any number of connections. Its bytes on the wire are made once too, by the
 * first transport that needs them.
 */
export class Prepared<out T> {
  readonly value: T;
  /** @internal */
  readonly data: Data;
  /** @internal The unmasked frame, as a server sends it. */
  frame: Uint8Array | undefined = undefined;

  /** @internal Payload bytes, counted once; see `bytesOf`. */
  bytes: number | undefined = undefined;

  /** @internal */
  constructor(value: T, data: Data) {
    this.value = value;
    this.data = data;
  }
}
