import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { WebSocketStream } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Data, Sendable } from '../../../src/core/Data.ts';
import { scheduledClock } from '../../../src/core/scheduledClock.ts';
import type { ConnectionConfig } from '../../../src/connection/ConnectionConfig.ts';
import { platformClock } from '../../../src/transports/platform/platformClock.ts';
import type { PlatformStreamConstructor } from '../../../src/transports/platform/PlatformStream.ts';
import { StreamTransport } from '../../../src/transports/platform/StreamTransport.ts';
import { connectionContract } from '../../connection/contract.ts';
import { connectionOver, type Pair } from '../../connection/contract/Pair.ts';
import { pass } from '../../core/passing.ts';
import { wsPeer } from '../ws/wsPeer.ts';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

async function open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>): Promise<Pair<In, Out>> {
  const time = new VirtualTimeScheduler();
  const accepted = once(server, 'connection').then(([ws]) => wsPeer(ws as WebSocket));
  const Stream = WebSocketStream as unknown as PlatformStreamConstructor;
  const { port } = server.address() as AddressInfo;
  const stream = new Stream(`ws://127.0.0.1:${port}`, {
    protocols: [],
    signal: new AbortController().signal,
  });
  const opened = stream.opened.then((parts) =>
    connectionOver<In, Out>(
      new StreamTransport(stream, parts, 1_048_576, scheduledClock(platformClock, time)),
      config,
    ),
  );
  const [{ connection, errors }, peer] = await Promise.all([opened, accepted]);
  const dispose = async (): Promise<void> => {
    connection.terminate();
    peer.cut();
    await peer.closed;
  };
  return {
    connection,
    peer,
    errors,
    wait: (promise) => promise,
    pass: async (ms) => {
      pass(time, ms);
      await peer.turns();
    },
    arrived: peer.arrived,
    dispose,
  };
}

// Only these does a page send; where it means another one it sends none.
const closeCodes = [1000, 1005, ...Array.from({ length: 2_000 }, (_, n) => 3_000 + n)];
connectionContract('the WebSocketStream of undici', {
  capabilities: { hold: true, ping: false, fragments: false },
  closeCodes,
  burstBytes: 1_040_000,
  open,
});
