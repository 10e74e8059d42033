import { Observable } from 'rxjs';
import { engineIn } from '../connection/engineIn.ts';
import { NotSentError } from '../core/NotSentError.ts';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';
import { endOf } from './endOf.ts';

/** Sends `message` at each subscription, and **completes**. **Errors** where it is not taken, and with what `send` throws. */
export function sendOnce<Out>(peer: Peer<unknown, Out>, message: Out | Prepared<Out>): Observable<never> {
  return new Observable((subscriber) => {
    if (peer.send(message)) subscriber.complete();
    else if ((engineIn(peer)?.state ?? 'open') !== 'open') subscriber.error(endOf(peer));
    else subscriber.error(new NotSentError('the message was not taken: the peer is not there, or too slow'));
  });
}
