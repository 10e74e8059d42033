import { defer, type Observable } from 'rxjs';
import { engineIn } from '../connection/engineIn.ts';
import { watching } from '../connection/watching.ts';
import type { Peer } from '../core/Peer.ts';

/** The messages of `peer` from now on: as they arrive, by who does not count as a reader; of a peer that is no connection, by reading. */
export function watched<In>(peer: Peer<In, never>): Observable<In> {
  return defer(() => {
    const engine = engineIn(peer);
    return engine === undefined ? peer.messages : watching<In>(engine);
  });
}
