import { defer, isObservable, NEVER, Observable, of, switchMap, take, throwError } from 'rxjs';
import { lifetime } from '../client/lifetime.ts';
import type { Connection } from '../connection/Connection.ts';
import { isEngineConnection } from '../connection/EngineConnection.ts';
import type { MarbleConnection } from './MarbleConnection.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';
import type { Anything } from './Anything.ts';

/** What one dial comes to: a connection, an error, or one of them after a while. */
export type Attempt<In = Anything> =
  Connection<In, Anything, Anything> | Error | Observable<Connection<In, Anything, Anything>>;

/** Stands for `connect(…)`: each subscription is the next dial of the list; see `Marbles.attempts`. */
export function attempts<In>(
  list: readonly Attempt<In>[],
  scheduler: MarbleScheduler,
  failed: (text: string) => void,
  dialled: (frame: number) => void,
): Observable<Connection<In, Anything, undefined>> {
  let count = 0;
  return defer(() => {
    const attempt = list[count++];
    dialled(scheduler.frame);
    if (attempt === undefined) {
      // An error would be dialled again, for ever.
      failed(`attempts(…) was dialled ${count} times, and has ${list.length} in its list`);
      return NEVER;
    }
    return lifetime<In, Anything>(opened(attempt, scheduler).pipe(take(1), switchMap(client)));
  });
}

/** In a later turn, as a socket opens. */
function opened<In>(
  attempt: Attempt<In>,
  scheduler: MarbleScheduler,
): Observable<Connection<In, Anything, Anything>> {
  if (isObservable(attempt)) return attempt;
  return new Observable((subscriber) => {
    const outcome = isEngineConnection(attempt)
      ? of(attempt as Connection<In, Anything, Anything>)
      : throwError(() => attempt);
    return scheduler.schedule(() => subscriber.add(outcome.subscribe(subscriber)));
  });
}

function client<In>(
  connection: Connection<In, Anything, Anything>,
): Observable<MarbleConnection<In, Anything, Anything>> {
  const marble = connection as MarbleConnection<In, Anything, Anything>;
  if (marble.isOver || marble.isBegun) {
    return throwError(
      () => new Error('a connection of attempts(…) was used already; make one for each dial'),
    );
  }
  marble.transport.side = 'client';
  return of(marble);
}
