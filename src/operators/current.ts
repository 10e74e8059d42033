import { exhaustMap, type Observable, throwIfEmpty } from 'rxjs';
import { isSuccessive } from '../connection/SuccessivePeer.ts';
import type { Peer } from '../core/Peer.ts';
import { endOf } from './endOf.ts';

/**
 * What `project` makes of `peer`; of a link, what it makes of the connection that is open, or opens next, and of no later
 * one. The link is kept open meanwhile. **Errors** too where the link ends before one is open.
 */
export function current<In, Out, R>(
  peer: Peer<In, Out>,
  project: (peer: Peer<In, Out>) => Observable<R>,
): Observable<R> {
  if (!isSuccessive(peer)) return project(peer);
  return peer.ready.pipe(
    exhaustMap(project),
    throwIfEmpty(() => endOf(peer)),
  );
}
