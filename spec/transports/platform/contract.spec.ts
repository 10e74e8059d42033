import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { WebSocket as UndiciWebSocket } from 'undici';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Data, Sendable } from '../../../src/core/Data.ts';
import { scheduledClock } from '../../../src/core/scheduledClock.ts';
import type { ConnectionConfig } from '../../../src/connection/ConnectionConfig.ts';
import { platformClock } from '../../../src/transports/platform/platformClock.ts';
import type { PlatformSocketConstructor } from '../../../src/transports/platform/PlatformSocket.ts';
import { PlatformTransport } from '../../../src/transports/platform/PlatformTransport.ts';
import { connectionContract } from '../../connection/contract.ts';
import { connectionOver, type Pair } from '../../connection/contract/Pair.ts';
import { pass } from '../../core/passing.ts';
import { wsPeer } from '../ws/wsPeer.ts';

/** How often the transport looks. */
const POLL_MS = 5;

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

async function open<In = Data, Out = Sendable>(config?: ConnectionConfig<In, Out>): Promise<Pair<In, Out>> {
  const time = new VirtualTimeScheduler();
  const accepted = once(server, 'connection').then(([ws]) => wsPeer(ws as WebSocket));
  const Socket = UndiciWebSocket as unknown as PlatformSocketConstructor;
  const socket = new Socket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, []);
  socket.binaryType = 'arraybuffer';
  const opened = new Promise<ReturnType<typeof connectionOver<In, Out>>>((resolve) => {
    socket.addEventListener('open', () => {
      const transport = new PlatformTransport(socket, 1_048_576, scheduledClock(platformClock, time));
      resolve(connectionOver<In, Out>(transport, config));
    });
  });
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
    wait: (promise) => polling(time, promise),
    pass: async (ms) => {
      pass(time, ms);
      await peer.turns();
    },
    arrived: peer.arrived,
    dispose,
  };
}

/** Waits, and lets only so much time pass as it takes to look again whether bytes have left. */
async function polling<T>(time: VirtualTimeScheduler, promise: Promise<T>): Promise<T> {
  let waiting = true;
  const done = (): void => {
    waiting = false;
  };
  promise.then(done, done);
  while (waiting) {
    await turn();
    const next = time.actions[0];
    if (next !== undefined && next.delay - time.frame <= POLL_MS) pass(time, POLL_MS);
  }
  return promise;
}

// Only these does a page send; where it means another one it sends none.
const closeCodes = [1000, 1005, ...Array.from({ length: 2_000 }, (_, n) => 3_000 + n)];
connectionContract('the WebSocket of undici', {
  capabilities: { hold: false, ping: false, fragments: false },
  closeCodes,
  burstBytes: 1_040_000,
  open,
});
