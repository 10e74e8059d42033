import type { Data } from './Data.ts';

/**
 * Turns what arrives into `In`, and `Out` into what is sent. What `decode` throws or rejects with closes that
 * connection with 1007, or as a `CloseError` says, if `undecodable` does not say otherwise; what `encode` throws closes it
 * with 1011. Both reach `onError`.
 */
export interface Codec<In, Out> {
  /** A promise keeps the order: later messages wait for it. */
  decode(data: Data): In | PromiseLike<In>;
  encode(message: Out): Data | ArrayBuffer | ArrayBufferView;
  /**
   * Reads what `encode` made, an `Out`, at once. Topics need it for a message of another process. Without it `decode` is taken, which
   * is right where both directions are written alike and nothing is validated.
   */
  decodeSent?(data: Data): unknown;
}
