import { Observable, switchMap } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { ClientConnection } from './opening.ts';

/** The connection that `opening` emits, for as long as its subscription: see `connect`. */
export function lifetime<In, Out>(
  opening: Observable<ClientConnection<In, Out>>,
): Observable<Connection<In, Out, undefined>> {
  return opening.pipe(switchMap((connection) => owned(connection)));
}

function owned<In, Out>(connection: ClientConnection<In, Out>): Observable<Connection<In, Out, undefined>> {
  return new Observable((subscriber) => {
    // Before anyone else: an end is told here first.
    connection.closed.subscribe(() => {
      const error = connection.engine.endError();
      if (error === undefined) subscriber.complete();
      else subscriber.error(error);
    });
    const hold = connection.hold();
    subscriber.next(connection);
    hold.unsubscribe();
    return () => connection.close();
  });
}
