import {
  catchError,
  defer,
  EMPTY,
  filter,
  merge,
  Observable,
  of,
  share,
  Subscription,
  switchMap,
} from 'rxjs';
import { isSuccessive } from '../connection/SuccessivePeer.ts';
import type { Peer } from '../core/Peer.ts';
import type { RxjsWsError } from '../core/RxjsWsError.ts';
import { verdict } from '../core/verdict.ts';
import type { MultiplexConfig } from './multiplex.ts';
import { sendOnce } from './sendOnce.ts';
import { tell } from './tell.ts';
import { watched } from './watched.ts';

/**
 * One life of a channel, from its first subscriber to its last; see `multiplex`. `over` is called when it ends, before
 * anybody hears of it: who subscribes again from there needs another one.
 */
export function channel<In, Out>(
  target: Peer<In, Out>,
  { subscribe, unsubscribe, matches }: MultiplexConfig<In, Out>,
  over: () => void,
): Observable<In> {
  const life = new Observable<In>((subscriber) => {
    const inner = new Subscription();
    /** Who was asked for the channel, and has to be told when nobody wants it. */
    let asked: Peer<In, Out> | undefined;
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      over();
      if (asked !== undefined) tell(asked, unsubscribe);
      // Last: a link closes with it.
      inner.unsubscribe();
    };
    const ask = (peer: Peer<In, Out>): Observable<never> =>
      defer(() => {
        asked = peer;
        return sendOnce(peer, subscribe);
      }).pipe(
        catchError((error: unknown) => {
          // It has ended, which is told elsewhere; a link asks anew on its next connection.
          if ((Object(error) as RxjsWsError).code === 'CONNECTION_CLOSED') return EMPTY;
          asked = undefined;
          throw error;
        }),
      );
    const messages = (peer: Peer<In, Out>): Observable<In> =>
      merge(watched(peer).pipe(filter((message) => verdict(matches(message), 'matches'))), ask(peer));
    const peers = isSuccessive(target) ? target.renewals : of(target);
    const all = peers.pipe(switchMap(messages));
    inner.add(
      all.subscribe({
        next: (message) => subscriber.next(message),
        error: (error: unknown) => {
          leave();
          subscriber.error(error);
        },
        complete: () => {
          asked = undefined;
          leave();
          subscriber.complete();
        },
      }),
    );
    return leave;
  });
  return life.pipe(share());
}
