import type { Observable } from 'rxjs';
import type { Connection } from '../../connection/Connection.ts';
import type { Data, Sendable } from '../../core/Data.ts';
import { dialPlatform } from '../../transports/platform/dialPlatform.ts';
import type { Dialable } from '../ConnectConfig.ts';
import { lifetime } from '../lifetime.ts';
import { opening } from '../opening.ts';

/**
 * Connects over the platform's `WebSocket` and emits the connection, whose life the subscription *is*: see `connect` in
 * Node. A page cannot set headers or TLS (`InvalidArgumentError`), is not told why a server refused (`HandshakeError`
 * without a status), and closes with no code but 1000 and 3000 to 4999: others stay in `closed`.
 *
 * @example
 * connect('/prices').pipe(switchMap(({ text }) => text)).subscribe(console.log);
 */
export function connect<In = Data, Out = Sendable>(
  dialable: Dialable<In, Out>,
): Observable<Connection<In, Out, undefined>> {
  return lifetime(opening(dialable, dialPlatform));
}
