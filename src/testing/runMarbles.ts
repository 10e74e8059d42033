import { surroundings } from '../core/surroundings.ts';
import { connectionHelpers } from './connectionHelpers.ts';
import { shown } from './difference.ts';
import { Expectations } from './Expectations.ts';
import { Leftovers } from './Leftovers.ts';
import type { Marbles } from './Marbles.ts';
import { MarbleScheduler } from './MarbleScheduler.ts';
import { originOf } from './originOf.ts';
import { Outside } from './Outside.ts';
import { rxjsHelpers } from './rxjsHelpers.ts';
import { virtualClock } from './virtualClock.ts';

/** Deep enough to find who subscribed, below the operators of RxJS. */
const STACK_DEPTH = 100;

/**
 * Runs a marble test: `TestScheduler.run` of RxJS, with connections; see `Marbles` for its helpers. Time is virtual, one
 * millisecond a frame, also in this library, and chance is not: a wait with jitter is the longest one. No framework is
 * needed.
 *
 *     peer      --a-b-|
 *     sent      x-y-z
 *     closed    ------x
 *
 * Returns what `body` returns. **Throws** one error when the run is over, with two aligned diagrams for each expectation that
 * was not met; or for what the test leaves behind (holds, subscriptions of connections that have ended), for promises
 * and real timers, which virtual time does not wait for, and for time that does not end; each with where it comes from. A
 * diagram that is wrong throws a `SyntaxError` at once. What your own code throws is thrown on.
 *
 * @example
 * test('echo', () => runMarbles(({ connection, expectSent }) => {
 *   const peer = connection('--a-b-|');
 *   of(peer).pipe(handle(({ text }) => text)).subscribe();
 *   expectSent(peer).toBe('  --a-b');
 * }));
 */
export function runMarbles<T>(body: (helpers: Marbles) => T): T {
  if (surroundings.clock !== undefined) throw new Error('runMarbles does not run inside runMarbles');
  const expectations = new Expectations();
  const leftovers = new Leftovers();
  const unhandled: unknown[] = [];
  const scheduler = new MarbleScheduler((actual: unknown, expected: unknown) =>
    expectations.assert(actual, expected),
  );
  const outside = new Outside();
  const { random } = surroundings;
  const { stackTraceLimit } = Error;
  let outsideLines: readonly string[] = [];
  let result: T;
  try {
    surroundings.clock = virtualClock(scheduler);
    surroundings.random = () => 1;
    Error.stackTraceLimit = STACK_DEPTH;
    outside.start();
    result = scheduler.run((rxjs) => {
      const stage = { scheduler, expectations, leftovers, unhandled };
      const returned = body({ ...rxjs, ...rxjsHelpers(rxjs, stage), ...connectionHelpers(stage) });
      if (typeof (returned as { then?: unknown } | undefined)?.then === 'function') {
        throw new TypeError(
          'the body of runMarbles gave a promise: time runs when it returns, so it cannot wait',
        );
      }
      leftovers.isRunning = true;
      return returned;
    });
  } finally {
    outsideLines = outside.stop();
    Error.stackTraceLimit = stackTraceLimit;
    surroundings.clock = undefined;
    surroundings.random = random;
  }
  if (scheduler.endless !== undefined) throw scheduler.endless;
  expectations.finish();
  throwFailures(expectations, [...outsideLines, ...leftovers.report()], unhandled);
  return result;
}

function throwFailures(
  { failures }: Expectations,
  left: readonly string[],
  unhandled: readonly unknown[],
): void {
  if (failures.length === 0 && left.length === 0) return;
  const reached = unhandled.map((error) => `onError was told: ${shown(error)}`);
  // The stack shows the place of the first one; the others may look alike.
  const texts = failures.map(({ text, stack }) => {
    const place = failures.length > 1 ? originOf(stack) : '';
    return place ? text.replace(/(?=\n\n|$)/, ` at ${place}`) : text;
  });
  const error = new Error([...texts, ...left, ...reached].join('\n\n'));
  // The place to look at is the expectation, and not this one.
  const stack = failures.find((failure) => failure.stack !== undefined)?.stack;
  if (stack !== undefined) error.stack = `Error: ${error.message}\n${stack.split('\n').slice(1).join('\n')}`;
  else Error.captureStackTrace(error, throwFailures);
  throw error;
}
