import { afterEach, describe, expect, it } from '@jest/globals';
import type { Server } from 'node:http';
import { concat, defer, EMPTY, map, type ObservableInput, of, Subject, tap, take } from 'rxjs';
import { allFrames } from '../../../src/connection/allFrames.ts';
import { connectionSettings } from '../../../src/connection/ConnectionConfig.ts';
import type { Connection } from '../../../src/connection/Connection.ts';
import { EngineConnection } from '../../../src/connection/EngineConnection.ts';
import type { Data, Sendable } from '../../../src/core/Data.ts';
import type { Handshake } from '../../../src/core/Handshake.ts';
import { handle } from '../../../src/server/handle.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';
import { WsTransport } from '../../../src/transports/ws/WsTransport.ts';
import { acceptAll, clientFrame, exchange, parseFrames, show } from './wire.ts';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const close = (code = 1000) => clientFrame(CLOSE, Buffer.from([code >> 8, code & 255]));

let server: Server;
afterEach(() => {
  server.close();
});

async function wire(
  project: (connection: Connection<Data, Sendable, undefined>) => ObservableInput<Sendable>,
  bytes: Buffer,
): Promise<string> {
  const connections = new Subject<Connection<Data, Sendable, undefined>>();
  connections.pipe(handle(project)).subscribe();
  const running = await acceptAll((ws, socket) => {
    connections.next(
      new EngineConnection({
        transport: new WsTransport(ws, socket, { side: 'server', clock: nodeClock }),
        settings: connectionSettings({ framing: allFrames, onError: () => {} }),
        handshake: { url: new URL('ws://localhost/') } as Handshake,
        context: undefined,
      }),
    );
  });
  ({ server } = running);
  const received = await exchange(running.port, bytes, (socket, sofar) => {
    // The client answers a close, as it must; it comes last.
    if (sofar.at(-4) === 0x88 && sofar.at(-3) === 2) socket.write(close());
  });
  return parseFrames(received).map(show).join(' ');
}

describe('FlushingWebSocket', () => {
  const upper = ({ text }: Connection<Data, Sendable, undefined>) =>
    text.pipe(map((line) => line.toUpperCase()));

  it('answers a ping and a close behind the messages that came before them', async () => {
    const frames = [
      clientFrame(TEXT, 'm1'),
      clientFrame(TEXT, 'm2'),
      clientFrame(PING, 'p'),
      clientFrame(TEXT, 'm3'),
      close(),
    ];
    expect(await wire(upper, Buffer.concat(frames))).toBe('text:M1 text:M2 pong:p text:M3 close:1000');
  });

  it('sends nothing behind its close frame', async () => {
    const frames = [...Array.from({ length: 500 }, () => clientFrame(TEXT, 'x'.repeat(200))), close()];
    const answer = (await wire(upper, Buffer.concat(frames))).split(' ');
    expect(answer).toHaveLength(501);
    expect(answer.at(-1)).toBe('close:1000');
  });

  it('sends what was sent before a protocol fault, and the code of the fault last', async () => {
    const badRsv = Buffer.from([0xf1, 0x80, 0, 0, 0, 0]);
    expect(await wire(upper, Buffer.concat([clientFrame(TEXT, 'm1'), badRsv]))).toBe('text:M1 close:1002');
  });

  it('flushes before the close that an output ends with', async () => {
    const frames = [1, 2, 3, 4].map((n) => clientFrame(TEXT, `m${n}`));
    expect(await wire((c) => upper(c).pipe(take(2)), Buffer.concat(frames))).toBe(
      'text:M1 text:M2 close:1000',
    );
  });

  it('keeps messages, pings and a close of one turn in order', async () => {
    const talk = (c: Connection<Data, Sendable, undefined>) =>
      concat(
        of('a'),
        defer(() => (c.ping('p').subscribe({ error: () => {} }), EMPTY)),
        of('b').pipe(tap({ complete: () => c.close(4000) })),
      );
    expect(await wire(talk, Buffer.alloc(0))).toBe('text:a ping:p text:b close:4000');
  });
});
