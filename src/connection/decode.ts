import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';

/** Calls `done` or `fail` exactly once: at once where the codec is synchronous. */
export function decode(
  codec: Codec<unknown, unknown>,
  data: Data,
  done: (value: unknown) => void,
  fail: (error: unknown) => void,
): void {
  let value: unknown;
  try {
    value = codec.decode(data);
    if (isPromiseLike(value)) {
      value.then(done, fail);
      return;
    }
  } catch (error) {
    fail(error);
    return;
  }
  done(value);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}
