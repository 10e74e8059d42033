import { map, type Observable } from 'rxjs';
import type { TestScheduler } from 'rxjs/testing';
import { type ConnectionConfig, connectionSettings } from '../../src/connection/ConnectionConfig.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { EngineConnection } from '../../src/connection/EngineConnection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { OnError } from '../../src/core/ErrorReport.ts';
import type { Handshake } from '../../src/core/Handshake.ts';
import { Ping } from '../../src/core/Ping.ts';
import { payloadOf } from '../../src/core/Outbound.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { CloseFrame, PongFrame } from '../../src/testing/MemoryPeer.ts';

/** A connection whose peer sends what `incoming` emits, closes with 1000 when it completes, and is lost when it errors. */
export function memoryConnection(
  scheduler: TestScheduler,
  incoming: Observable<string>,
  {
    side = 'server',
    onError = () => {},
    ...config
  }: ConnectionConfig<Data, Sendable> & { side?: 'client' | 'server' } = {},
): {
  connection: Connection<Data, Sendable, undefined>;
  transport: MemoryTransport;
  sent: Observable<string>;
} {
  const transport = new MemoryTransport(scheduler, { side });
  const connection = new EngineConnection<Data, Sendable, undefined>({
    transport,
    settings: connectionSettings(config),
    handshake: { url: new URL('ws://localhost/') } as Handshake,
    context: undefined,
    onError: onError as OnError<Connection<unknown, never>>,
  });
  incoming.subscribe({
    next: (message) => transport.peer.send(message),
    error: (error) => transport.peer.cut(error),
    complete: () => transport.peer.close(1000),
  });
  return { connection, transport, sent: transport.peer.received.pipe(map(shown)) };
}

/** What the peer sees, short enough for a diagram: a text as it is, a close frame as its code. */
function shown(arrival: unknown): string {
  if (arrival instanceof CloseFrame) return String(arrival.code);
  if (arrival instanceof PongFrame) return 'pong';
  if (arrival instanceof Ping) return 'ping';
  return String(payloadOf(arrival as string));
}
