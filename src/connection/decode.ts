import type { Clock } from '../core/Clock.ts';
import { CloseError } from '../core/CloseError.ts';
import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import { Alarm } from './Alarm.ts';

/** How long a promise may take. */
export interface DecodeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Calls `done` or `fail` exactly once: at once where the codec is synchronous, else within the limit. */
export function decode(
  codec: Codec<unknown, unknown>,
  data: Data,
  done: (value: unknown) => void,
  fail: (error: unknown) => void,
  limit: DecodeLimit,
): void {
  let value: unknown;
  try {
    value = codec.decode(data);
    if (isPromiseLike(value)) {
      follow(value, done, fail, limit);
      return;
    }
  } catch (error) {
    fail(error);
    return;
  }
  done(value);
}

/** A thenable of the user's own may call back more than once, throw after it did, or never call back. */
function follow(
  value: PromiseLike<unknown>,
  done: (value: unknown) => void,
  fail: (error: unknown) => void,
  { clock, timeoutMs }: DecodeLimit,
): void {
  let isOver = false;
  const once =
    (callback: (outcome: unknown) => void) =>
    (outcome: unknown): void => {
      if (isOver) return;
      isOver = true;
      alarm.clear();
      callback(outcome);
    };
  const late = (): void => once(fail)(new CloseError(1007, 'a message was not decoded in time'));
  const alarm = new Alarm(clock, timeoutMs, late);
  alarm.set();
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
