import { firstValueFrom } from 'rxjs';
import type { Connection } from '../../connection/Connection.ts';
import type { Data, Sendable } from '../../core/Data.ts';
import { dialPlatform } from '../../transports/platform/dialPlatform.ts';
import type { Dialable } from '../ConnectConfig.ts';
import { opening } from '../opening.ts';

/**
 * Connects over the platform's `WebSocket`; the promise is fulfilled with the open connection, which belongs to the
 * caller alone: see `dial` in Node, and `connect` for what a page cannot do.
 *
 * @example
 * const connection = await dial('/chat');
 * connection.send('hello');
 */
export function dial<In = Data, Out = Sendable>(
  dialable: Dialable<In, Out>,
): Promise<Connection<In, Out, undefined>> {
  return firstValueFrom(opening(dialable, dialPlatform));
}
