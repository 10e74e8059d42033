import { firstValueFrom, map } from 'rxjs';
import { allFrames } from '../connection/allFrames.ts';
import type { Connection } from '../connection/Connection.ts';
import { published } from '../connection/diagnostics.ts';
import type { Data, Sendable } from '../core/Data.ts';
import { dialWs } from '../transports/ws/dialWs.ts';
import type { Dialable } from './ConnectConfig.ts';
import { opening } from './opening.ts';

/**
 * Connects to a server; the promise is fulfilled with the open connection. It belongs to the caller alone, and is closed
 * by `close()`, by the end of an `await using` block, or by the `signal` of the config.
 *
 * **Rejects with** what `connect` errors with while it connects. **Holds** what arrives until it is read, however late,
 * as `messages` says.
 *
 * @example
 * await using connection = await dial('wss://example.com/chat');
 * connection.send('hello');
 * for await (const message of connection) console.log(message);
 */
export function dial<In = Data, Out = Sendable>(
  dialable: Dialable<In, Out>,
): Promise<Connection<In, Out, undefined>> {
  return firstValueFrom(opening(dialable, dialWs, allFrames).pipe(map(published)));
}
