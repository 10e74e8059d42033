import { Observable, switchMap } from 'rxjs';
import type { Connection } from '../connection/Connection.ts';
import { shelteredEnd } from '../core/sheltered.ts';
import type { ClientConnection } from './opening.ts';

/** The connection that `opening` emits, for as long as its subscription: see `connect`. */
export function lifetime<In, Out>(
  opening: Observable<ClientConnection<In, Out>>,
): Observable<Connection<In, Out, undefined>> {
  return opening.pipe(switchMap((connection) => owned(connection)));
}

function owned<In, Out>(connection: ClientConnection<In, Out>): Observable<Connection<In, Out, undefined>> {
  return new Observable((subscriber) => {
    const { engine } = connection;
    const owner = shelteredEnd(subscriber, (error) => engine.report(error));
    engine.whenEnded(({ wasClean }) => {
      const error = engine.endError();
      const fail = (): void => owner.error(error);
      if (error === undefined) owner.complete();
      // Lost: at once, so that half of something is not taken for the whole. Else what was received goes first.
      else if (!wasClean) fail();
      else engine.incoming.whenDone(fail);
    });
    const hold = connection.hold();
    subscriber.next(connection);
    hold.unsubscribe();
    return () => connection.close();
  });
}
