import type { Observable } from 'rxjs';
import type { Peer } from '../core/Peer.ts';

/**
 * A peer over successive connections: a link. Its streams emit the present connection, where one is open, and each that
 * follows. They keep it open, and end with it.
 */
export interface SuccessivePeer<In, Out> extends Peer<In, Out> {
  /** Before anything is sent on the connection: for what has to be said on each. */
  readonly renewals: Observable<Peer<In, Out>>;
  /** When all that had waited for the connection was sent. */
  readonly ready: Observable<Peer<In, Out>>;
}

/** By what it has: it may come from another copy of this library. */
export function isSuccessive<In, Out>(peer: Peer<In, Out>): peer is SuccessivePeer<In, Out> {
  return 'renewals' in peer && 'ready' in peer;
}
