import { map, type Observable } from 'rxjs';
import { allFrames } from '../connection/allFrames.ts';
import type { Connection } from '../connection/Connection.ts';
import { published } from '../connection/diagnostics.ts';
import type { Data, Sendable } from '../core/Data.ts';
import { dialWs } from '../transports/ws/dialWs.ts';
import type { Dialable } from './ConnectConfig.ts';
import { lifetime } from './lifetime.ts';
import { opening } from './opening.ts';

/**
 * Connects to a server and emits the connection, whose life the subscription *is*: `firstValueFrom(connect(…))` gives a
 * closed one; there use `dial`. Cold: each subscription connects anew.
 *
 *     subscribe         ^---------------!
 *     connect(…)        ----c------------       (unsubscribe: closed with 1000)
 *     connect(…)        ----c--------|          (closed by either end)
 *     connect(…)        ----c--------#          (lost, or closed by the peer because of an error)
 *
 * **Completes** when the connection is closed, **errors with** a `ConnectionClosedError` where `closeIsError` says so: by
 * default where it was lost (at once), closed here because of an error, or closed by the peer with anything but 1000 or
 * 1005 (when what was received has been delivered). Errors too with a `HandshakeError` where no connection comes
 * about, an `InvalidArgumentError` for a URL, subprotocol or header that cannot be sent, the reason of an aborted
 * `signal`, and what the function that gives the config throws or errors with.
 *
 * **On unsubscribe** stops connecting, or closes the connection with 1000. **Holds** the reading until the emission
 * is over: no first message is missed.
 *
 * @example
 * connect('wss://example.com/prices').pipe(switchMap(({ text }) => text)).subscribe(console.log);
 */
export function connect<In = Data, Out = Sendable>(
  dialable: Dialable<In, Out>,
): Observable<Connection<In, Out, undefined>> {
  return lifetime(opening(dialable, dialWs, allFrames).pipe(map(published)));
}
