// A connection that is opened, closed and dropped again and again, as the stream of its states.
import { type CloseInfo, type ConnectConfig, type Connection, connect } from 'rxjs-ws';
import {
  catchError,
  exhaustMap,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  startWith,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs';

export type Session<In, Out> =
  | { readonly state: 'connecting' | 'closing' }
  | { readonly state: 'open'; readonly connection: Connection<In, Out, undefined> }
  | { readonly state: 'closed'; readonly close: CloseInfo }
  | { readonly state: 'closed'; readonly error: unknown };

export interface Controls {
  readonly open: Observable<unknown>;
  readonly close: Observable<unknown>;
  readonly drop: Observable<unknown>;
}

/** The states of one session after another: each `open` begins one, where none is going on. */
export function sessions<In, Out>(
  config: ConnectConfig<In, Out>,
  controls: Controls,
): Observable<Session<In, Out>> {
  // The page shows how a connection ended; to show it is no error.
  const connection = connect({ ...config, closeIsError: () => false });
  return controls.open.pipe(
    exhaustMap(() =>
      connection.pipe(
        switchMap((connection) => states(connection, controls)),
        startWith({ state: 'connecting' } as const),
        catchError((error: unknown) => of({ state: 'closed', error } as const)),
      ),
    ),
  );
}

function states<In, Out>(
  connection: Connection<In, Out, undefined>,
  controls: Controls,
): Observable<Session<In, Out>> {
  const closing = controls.close.pipe(
    tap(() => connection.close(1000, 'closed on the page')),
    map(() => ({ state: 'closing' }) as const),
  );
  const dropping = controls.drop.pipe(
    tap(() => connection.terminate()),
    ignoreElements(),
  );
  const closed = connection.closed.pipe(map((close) => ({ state: 'closed', close }) as const));
  return merge(merge(closing, dropping).pipe(takeUntil(connection.closed)), closed).pipe(
    startWith({ state: 'open', connection } as const),
  );
}
