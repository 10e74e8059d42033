import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import type { Duplex } from 'node:stream';
import { VirtualTimeScheduler } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import type { Data, Sendable } from '../../../src/core/Data.ts';
import { scheduledClock } from '../../../src/core/scheduledClock.ts';
import type { ConnectionConfig } from '../../../src/connection/ConnectionConfig.ts';
import { FlushingWebSocket, OWN_PONGS } from '../../../src/transports/ws/FlushingWebSocket.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';
import { WsTransport } from '../../../src/transports/ws/WsTransport.ts';
import { connectionContract } from '../../connection/contract.ts';
import { connectionOver, type Pair } from '../../connection/contract/Pair.ts';
import { pass } from '../../core/passing.ts';
import { wsPeer } from './wsPeer.ts';

const capabilities = { hold: true, ping: true, fragments: true };

let server: Server;
let port: number;
let accept: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
beforeAll(async () => {
  server = createServer();
  server.on('upgrade', (request, socket, head) => accept(request, socket, head));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** Makes the connection inside the event that opens it, as a server and a client do: nothing may be lost before. */
function openWs(perMessageDeflate: boolean) {
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    WebSocket: FlushingWebSocket,
    ...OWN_PONGS,
    perMessageDeflate,
  });
  const plain = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate });

  async function openServerEnd<In = Data, Out = Sendable>(
    config?: ConnectionConfig<In, Out>,
  ): Promise<Pair<In, Out>> {
    const time = new VirtualTimeScheduler();
    const clock = scheduledClock(nodeClock, time);
    const accepted = new Promise<ReturnType<typeof connectionOver<In, Out>>>((resolve) => {
      accept = (request, socket, head) => {
        socket.on('error', () => {});
        wss.handleUpgrade(request, socket, head, (ws) => {
          resolve(connectionOver<In, Out>(new WsTransport(ws, socket, { side: 'server', clock }), config));
        });
      };
    });
    const ws = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate });
    const peer = wsPeer(ws);
    await once(ws, 'open');
    return pair(await accepted, peer, time);
  }

  async function openClientEnd<In = Data, Out = Sendable>(
    config?: ConnectionConfig<In, Out>,
  ): Promise<Pair<In, Out>> {
    const accepted = new Promise<ReturnType<typeof wsPeer>>((resolve) => {
      accept = (request, socket, head) =>
        plain.handleUpgrade(request, socket, head, (ws) => resolve(wsPeer(ws)));
    });
    const time = new VirtualTimeScheduler();
    const clock = scheduledClock(nodeClock, time);
    const ws = new FlushingWebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate, ...OWN_PONGS });
    let socket: Duplex;
    ws.on('upgrade', (response) => (socket = response.socket));
    const opened = new Promise<ReturnType<typeof connectionOver<In, Out>>>((resolve) => {
      ws.on('open', () =>
        resolve(connectionOver<In, Out>(new WsTransport(ws, socket, { side: 'client', clock }), config)),
      );
    });
    return pair(await opened, await accepted, time);
  }

  return { openServerEnd, openClientEnd };
}

function pair<In, Out>(
  { connection, errors }: ReturnType<typeof connectionOver<In, Out>>,
  peer: ReturnType<typeof wsPeer>,
  time: VirtualTimeScheduler,
): Pair<In, Out> {
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
    dispose: async () => {
      connection.terminate();
      peer.cut();
      await peer.closed;
    },
  };
}

const bare = openWs(false);
const deflated = openWs(true);
connectionContract('ws, server', { capabilities, open: bare.openServerEnd });
connectionContract('ws, client', { capabilities, open: bare.openClientEnd });
// What is being compressed has not left: no more fits into one turn than the queue may hold.
const burstBytes = 1_040_000;
connectionContract('ws, server, compressed', { capabilities, burstBytes, open: deflated.openServerEnd });
connectionContract('ws, client, compressed', { capabilities, burstBytes, open: deflated.openClientEnd });
