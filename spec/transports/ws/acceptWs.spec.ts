import { once } from 'node:events';
import { type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { WebSocket } from 'ws';
import { scheduledClock } from '../../../src/core/scheduledClock.ts';
import { type AcceptWs, acceptWs } from '../../../src/transports/ws/acceptWs.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';
import type { PerMessageDeflate } from '../../../src/transports/ws/PerMessageDeflate.ts';
import type { WsTransport } from '../../../src/transports/ws/WsTransport.ts';
import { type Borrowed, httpServer } from '../../server/httpServer.ts';
import { RawClient, upgradeRequest } from '../../server/rawClient.ts';
import { clientFrame } from './wire.ts';

let borrowed: Borrowed;
let server: Server;
beforeEach(async () => {
  borrowed = await httpServer();
  ({ server } = borrowed);
});
afterEach(() => borrowed[Symbol.asyncDispose]());

/** The next request, accepted. */
async function accepted(
  accept: AcceptWs,
  answer: { protocol?: string; lines?: readonly string[] } = {},
  before: (socket: Duplex) => void = () => {},
): Promise<WsTransport | undefined> {
  const [request, socket, head] = (await once(server, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
  before(socket);
  return accept({ request, socket, head, protocol: '', lines: [], ...answer });
}

const acceptWith = (perMessageDeflate: boolean | PerMessageDeflate): AcceptWs =>
  acceptWs({ maxMessageBytes: 1_000, perMessageDeflate, clock: nodeClock });
const plain = (): AcceptWs => acceptWith(false);

/** Opens a transport, and collects what it tells, to its end. */
function told(transport: WsTransport): Promise<string[]> {
  const seen: string[] = [];
  return new Promise((resolve) => {
    transport.open({
      message: (data) => seen.push(data as string),
      ping: () => seen.push('ping'),
      pong: () => seen.push('pong'),
      drained: () => {},
      answering: () => {},
      roundTrip: () => {},
      exceeded: () => {},
      closing: () => {},
      ended: ({ code }) => resolve([...seen, String(code)]),
    });
  });
}

describe('acceptWs', () => {
  it('answers with 101, the lines and the protocol, and makes a transport', async () => {
    const transport = accepted(plain(), { protocol: 'b', lines: ['X-A: 1', 'Set-Cookie: c=d'] });
    const client = RawClient.to(borrowed.port, upgradeRequest('/', { 'Sec-WebSocket-Protocol': 'a, b' }));
    expect(await client.answer()).toEqual({
      status: 101,
      headers: {
        upgrade: 'websocket',
        connection: 'Upgrade',
        // RFC 6455, 1.3
        'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
        'sec-websocket-protocol': 'b',
        'x-a': '1',
        'set-cookie': 'c=d',
      },
      body: '',
    });
    expect(await transport).toMatchObject({ side: 'server', protocol: 'b' });
    client.socket.destroy();
  });

  it('chooses no protocol by itself, and keeps nothing of the answer before', async () => {
    const accept = plain();
    for (const answer of [{ protocol: 'a', lines: ['X-A: 1'] }, {}]) {
      const transport = accepted(accept, answer);
      const client = RawClient.to(borrowed.port, upgradeRequest('/', { 'Sec-WebSocket-Protocol': 'a' }));
      const { headers } = await client.answer();
      expect([headers['sec-websocket-protocol'], headers['x-a']]).toEqual([
        answer.protocol,
        answer.lines && '1',
      ]);
      expect((await transport)!.protocol).toBe(answer.protocol ?? '');
      client.socket.destroy();
    }
  });

  it('loses none of the frames that came with the request', async () => {
    const frames = [
      clientFrame(1, 'a'),
      clientFrame(9),
      clientFrame(1, 'b'),
      clientFrame(8, Buffer.from([3, 232])),
    ];
    const transport = accepted(plain());
    const client = RawClient.to(borrowed.port, Buffer.concat([Buffer.from(upgradeRequest()), ...frames]));
    expect(await told((await transport)!)).toEqual(['a', 'ping', 'b', '1000']);
    await client.closed;
  });

  it.each([
    ['a reserved bit', Buffer.from([0xc1, 0x80, 1, 2, 3, 4]), '1002'],
    ['no mask', Buffer.from([0x81, 0x01, 0x61]), '1002'],
    ['more than is received', clientFrame(1, 'x'.repeat(1_001)), '1009'],
  ])('survives %s in the packet of the request', async (_, bytes, code) => {
    const transport = accepted(plain());
    const client = RawClient.to(borrowed.port, Buffer.concat([Buffer.from(upgradeRequest()), bytes]));
    expect(await told((await transport)!)).toEqual([code]);
    await client.closed;
  });

  it.each([
    [false, ''],
    [true, 'permessage-deflate'],
    [{ threshold: 1 }, 'permessage-deflate'],
  ])('compresses with %p: %p', async (perMessageDeflate, extensions) => {
    const transport = accepted(acceptWith(perMessageDeflate));
    const ws = new WebSocket(`ws://127.0.0.1:${borrowed.port}`);
    await once(ws, 'open');
    expect(ws.extensions).toBe(extensions);
    expect(await transport).toBeDefined();
    ws.terminate();
  });

  it('gives all its transports one clock', async () => {
    const clock = scheduledClock(nodeClock, new VirtualTimeScheduler());
    const accept = acceptWs({ maxMessageBytes: 1_000, perMessageDeflate: false, clock });
    for (let i = 0; i < 2; i++) {
      const transport = accepted(accept);
      const client = RawClient.to(borrowed.port, upgradeRequest());
      expect((await transport)!.clock).toBe(clock);
      client.socket.destroy();
    }
  });

  it('leaves it to the connection how long a close takes', async () => {
    const transport = accepted(plain());
    const client = RawClient.to(borrowed.port, upgradeRequest());
    const open = (await transport)!;
    const ended = told(open);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    try {
      open.close(1000, '');
      jest.advanceTimersByTime(1_000_000);
    } finally {
      jest.useRealTimers();
    }
    client.socket.write(clientFrame(8, Buffer.from([3, 232])));
    expect(await ended).toEqual(['1000']);
    client.socket.destroy();
  });

  it('ends a socket that is half closed, without a transport', async () => {
    const transport = accepted(plain(), {}, (socket) => socket.end());
    const client = RawClient.to(borrowed.port, upgradeRequest());
    expect(await transport).toBeUndefined();
    expect((await client.closed).toString()).toBe('');
  });

  it('refuses what `ws` finds fault with, without a transport', async () => {
    const transport = accepted(acceptWith(true));
    const client = RawClient.to(
      borrowed.port,
      upgradeRequest('/', { 'Sec-WebSocket-Extensions': 'permessage-deflate;;' }),
    );
    expect((await client.refusal()).status).toBe(400);
    expect(await transport).toBeUndefined();
  });
});
