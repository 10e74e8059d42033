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
      follow(value, done, fail);
      return;
    }
  } catch (error) {
    fail(error);
    return;
  }
  done(value);
}

/** A thenable of the user's own may call back more than once, and throw after it did. */
function follow(
  value: PromiseLike<unknown>,
  done: (value: unknown) => void,
  fail: (error: unknown) => void,
): void {
  let isOver = false;
  const once =
    (callback: (outcome: unknown) => void) =>
    (outcome: unknown): void => {
      if (isOver) return;
      isOver = true;
      callback(outcome);
    };
  try {
    value.then(once(done), once(fail));
  } catch (error) {
    once(fail)(error);
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
  );
}
