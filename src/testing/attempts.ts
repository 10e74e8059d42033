import { defer, isObservable, NEVER, Observable, of, switchMap, take, throwError } from 'rxjs';
import { lifetime } from '../client/lifetime.ts';
import type { Connection } from '../connection/Connection.ts';
import { isEngineConnection } from '../connection/EngineConnection.ts';
import type { MarbleConnection } from './MarbleConnection.ts';
import type { MarbleScheduler } from './MarbleScheduler.ts';

/** What one dial comes to: a connection, an error, or one of them after a while. */
export type Attempt<In = any> = Connection<In, any, any> | Error | Observable<Connection<In, any, any>>;

/** Stands for `connect(…)`: each subscription is the next dial of the list; see `Marbles.attempts`. */
export function attempts<In>(
  list: readonly Attempt<In>[],
  scheduler: MarbleScheduler,
  failed: (text: string) => void,
  dialled: (frame: number) => void,
): Observable<Connection<In, any, undefined>> {
  let count = 0;
  return defer(() => {
    const attempt = list[count++];
    dialled(scheduler.frame);
    if (attempt === undefined) {
      // An error would be dialled again, for ever.
      failed(`attempts(…) was dialled ${count} times, and has ${list.length} in its list`);
      return NEVER;
    }
    return lifetime(opened(attempt, scheduler).pipe(take(1), switchMap(client))) as Observable<
      Connection<In, any, undefined>
    >;
  });
}

/** In a later turn, as a socket opens. */
function opened<In>(attempt: Attempt<In>, scheduler: MarbleScheduler): Observable<Connection<In, any, any>> {
  if (isObservable(attempt)) return attempt;
  return new Observable((subscriber) => {
    const outcome = isEngineConnection(attempt)
      ? of(attempt as Connection<In, any, any>)
      : throwError(() => attempt);
    return scheduler.schedule(() => subscriber.add(outcome.subscribe(subscriber)));
  });
}

function client<In>(connection: Connection<In, any, any>): Observable<MarbleConnection<In, any, any>> {
  const marble = connection as MarbleConnection<In, any, any>;
  if (marble.isOver || marble.isBegun) {
    return throwError(
      () => new Error('a connection of attempts(…) was used already; make one for each dial'),
    );
  }
  marble.transport.side = 'client';
  return of(marble);
}
