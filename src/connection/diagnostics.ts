import { channel } from 'node:diagnostics_channel';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Connection } from './Connection.ts';
import { engineOf } from './EngineConnection.ts';

/** What `rxjs-ws:open` tells. */
export interface OpenMessage {
  readonly connection: Connection<unknown, never>;
  readonly side: 'client' | 'server';
}

/** What `rxjs-ws:closed` tells. */
export interface ClosedMessage extends OpenMessage {
  readonly close: CloseInfo;
}

const opens = channel('rxjs-ws:open');
const closes = channel('rxjs-ws:closed');

/** Publishes that a connection is open, and later that it has ended, where anybody listens by now. */
export function published<C extends Connection<unknown, never>>(connection: C): C {
  if (!opens.hasSubscribers && !closes.hasSubscribers) return connection;
  const engine = engineOf(connection);
  const opened: OpenMessage = { connection, side: engine.transport.side };
  opens.publish(opened);
  engine.whenEnded((close) => closes.publish({ ...opened, close } satisfies ClosedMessage));
  return connection;
}
