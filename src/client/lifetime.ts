import { Observable } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import type { ClientConnection } from './opening.ts';

/** The connection that `opening` emits, for as long as its subscription: see `connect`. */
export function lifetime<In, Out>(
  opening: Observable<ClientConnection<In, Out>>,
): Observable<Connection<In, Out, undefined>> {
  return new Observable((subscriber) => {
    let connection: ClientConnection<In, Out> | undefined;
    const opened = opening.subscribe({
      next: (opened) => {
        connection = opened;
        // Before anyone else: an end is told here first.
        opened.closed.subscribe(() => {
          const error = opened.engine.endError();
          if (error === undefined) subscriber.complete();
          else subscriber.error(error);
        });
        const hold = opened.hold();
        subscriber.next(opened);
        hold.unsubscribe();
      },
      error: (error: unknown) => subscriber.error(error),
    });
    return () => {
      opened.unsubscribe();
      connection?.close();
    };
  });
}
