import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import { WebSocket as UndiciWebSocket } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Data, Sendable } from '../../../src/core/Data.ts';
import type { ConnectionConfig } from '../../../src/connection/ConnectionConfig.ts';
import type { PlatformSocketConstructor } from '../../../src/transports/platform/PlatformSocket.ts';
import { PlatformTransport } from '../../../src/transports/platform/PlatformTransport.ts';
import { connectionContract } from '../../connection/contract.ts';
import { connectionOver, type Pair } from '../../connection/contract/Pair.ts';
import { wsPeer } from '../ws/wsPeer.ts';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

async function open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>): Promise<Pair<In, Out>> {
  const accepted = once(server, 'connection').then(([ws]) => wsPeer(ws as WebSocket));
  const Socket = UndiciWebSocket as unknown as PlatformSocketConstructor;
  const socket = new Socket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, []);
  socket.binaryType = 'arraybuffer';
  const opened = new Promise<ReturnType<typeof connectionOver<In, Out>>>((resolve) => {
    socket.addEventListener('open', () => {
      resolve(connectionOver<In, Out>(new PlatformTransport(socket, 1_048_576), config));
    });
  });
  const [{ connection, errors }, peer] = await Promise.all([opened, accepted]);
  const dispose = async (): Promise<void> => {
    connection.terminate();
    peer.cut();
    await peer.closed;
  };
  return { connection, peer, errors, wait: (promise) => promise, arrived: peer.arrived, dispose };
}

// Only these does a page send; where it means another one it sends none.
const closeCodes = [1000, 1005, ...Array.from({ length: 2_000 }, (_, n) => 3_000 + n)];
connectionContract('the WebSocket of undici', {
  capabilities: { hold: false, ping: false, fragments: false },
  closeCodes,
  burstBytes: 1_040_000,
  open,
});
