import type { Observable, Subscription } from 'rxjs';
import type { Hold, Valve } from '../core/Valve.ts';

/** What async iteration needs of its connection. */
export interface Iterated<T> extends Valve {
  readonly messages: Observable<T>;
  /** The error that ends the iteration, where the connection did not end well. */
  endError(): Error | undefined;
}

interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

/** Reads one message for each `next()`, and holds the connection between. */
export function iterate<T>(connection: Iterated<T>): AsyncIterator<T, undefined> {
  let hold: Hold | undefined = connection.hold();
  let ended = false;
  let unthrown: Error | undefined;
  let waiting: readonly Waiting<T>[] = [];
  const done: IteratorResult<T, undefined> = { done: true, value: undefined };

  const end = (error: Error | undefined): void => {
    ended = true;
    hold?.unsubscribe();
    const [first, ...rest] = waiting;
    waiting = [];
    // An error is thrown once; whoever asks after it gets the end.
    if (first && error) first.reject(error);
    else {
      first?.resolve(done);
      unthrown = error;
    }
    for (const { resolve } of rest) resolve(done);
  };

  const subscription: Subscription = connection.messages.subscribe({
    next: (value) => {
      const [first, ...rest] = waiting;
      waiting = rest;
      if (waiting.length === 0) hold ??= connection.hold();
      first?.resolve({ done: false, value });
    },
    error: (error: unknown) => end(error as Error),
    complete: () => end(connection.endError()),
  });

  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (ended) {
          const error = unthrown;
          unthrown = undefined;
          if (error) reject(error);
          else resolve(done);
          return;
        }
        waiting = [...waiting, { resolve, reject }];
        hold?.unsubscribe();
        hold = undefined;
      }),
    return: () => {
      ended = true;
      unthrown = undefined;
      subscription.unsubscribe();
      hold?.unsubscribe();
      hold = undefined;
      for (const { resolve } of waiting) resolve(done);
      waiting = [];
      return Promise.resolve(done);
    },
  };
}
