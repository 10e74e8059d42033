import { defer, finalize, from, mergeMap, type ObservableInput, type OperatorFunction, tap } from 'rxjs';
import type { Pausable } from '../core/Pausable.ts';
import type { Valve } from '../core/Valve.ts';
import { holdOf } from './holdOf.ts';

/** How much `flowMap` does at a time. */
export interface FlowMapConfig {
  /** How many inner Observables run at a time. Default 1: the order is kept, as by `concatMap`. */
  concurrency?: number;
  /** How many values may wait for their turn before the source is held. Default 0. */
  maxWaiting?: number;
}

/**
 * `mergeMap` that holds its source instead of buffering: while more than `maxWaiting` values wait for their turn, `source`
 * is not read. A value counts until its inner Observable completes.
 *
 *     flowMap(source, (x) => timer(30).pipe(map(() => x)))
 *
 *     source   abc---------------
 *     reading  t-f--t--t          (c waits in the socket)
 *     result   ---a--b--c--------
 *
 * `source` is whatever the values come from: a connection, or anything with `pause` and `resume` (a Node stream, a
 * Kafka consumer). What was on its way when it was held still arrives, and waits here.
 *
 * **Completes** when the source and all inner Observables have completed. **Errors with** what the source, `project` or an inner
 * Observable errors with. **On unsubscribe** unsubscribes the inner Observables and releases its hold. **Holds**
 * `maxWaiting` values, and what still arrives after the hold.
 *
 * An inner Observable that waits for an answer on the connection that it holds would wait for ever.
 *
 * @example
 * handle((connection) => connection.messages.pipe(flowMap(connection, store, { concurrency: 4 }), ignoreElements()))
 */
export function flowMap<T, R>(
  source: Valve | Pausable,
  project: (value: T, index: number) => ObservableInput<R>,
  { concurrency = 1, maxWaiting = 0 }: FlowMapConfig = {},
): OperatorFunction<T, R> {
  return (values) =>
    defer(() => {
      const hold = holdOf(source);
      let inside = 0;
      const settle = (): void => {
        const waiting = inside - concurrency;
        if (waiting > maxWaiting) hold.begin();
        else if (waiting < maxWaiting || waiting <= 0) hold.end();
      };
      return values.pipe(
        tap(() => {
          inside++;
          settle();
        }),
        mergeMap((value, index) => {
          const complete = (): void => {
            inside--;
            settle();
          };
          return from(project(value, index)).pipe(tap({ complete }));
        }, concurrency),
        finalize(() => hold.end()),
      );
    });
}
