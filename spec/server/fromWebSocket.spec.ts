import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { concat, firstValueFrom, map, NEVER, of, take, toArray } from 'rxjs';
import { type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import { fromWebSocket } from '../../src/server/fromWebSocket.ts';
import { handle } from '../../src/server/handle.ts';
import { serverStatistics } from '../../src/server/ServerStatistics.ts';
import { Inbox } from '../connection/contract/Inbox.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';
import { clientFrame, parseFrames, show } from '../transports/ws/wire.ts';

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

/** A server of `ws` that belongs to somebody else. */
async function foreign(
  connected: (ws: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions = {},
): Promise<{ url: string; port: number }> {
  const server = createServer();
  const wss = new WebSocketServer({ ...options, server });
  wss.on('connection', connected);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ends.push(() => {
    for (const ws of wss.clients) ws.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}`, port };
}

async function client(url: string, options: object = {}): Promise<ReturnType<typeof wsPeer>> {
  const ws = new WebSocket(url, options);
  const peer = wsPeer(ws);
  await once(ws, 'open');
  ends.push(() => ws.terminate());
  return peer;
}

describe('fromWebSocket', () => {
  it('makes a connection of it: messages, order, closes, the handshake and a context', async () => {
    const statistics = serverStatistics();
    const config = { statistics, context: { name: 'Ada' } };
    const connections: ReturnType<typeof fromWebSocket>[] = [];
    const { url } = await foreign((ws, request) => {
      const connection = fromWebSocket(ws, request, config);
      connections.push(connection as never);
      of(connection)
        .pipe(handle(({ text, context }) => text.pipe(map((line) => `${context.name}: ${line}`))))
        .subscribe();
    });
    const peer = await client(`${url}/chat?room=1`);
    peer.send('a', 'b');
    expect([await peer.next(), await peer.next()]).toEqual(['Ada: a', 'Ada: b']);
    expect(connections[0]!.handshake).toMatchObject({ path: '/chat', remoteAddress: '127.0.0.1' });
    expect(connections[0]!.handshake.query.get('room')).toBe('1');
    expect(await peer.ping('x')).toBe('x');
    peer.close(4000, 'bye');
    expect(await firstValueFrom(connections[0]!.closed)).toMatchObject({
      code: 4000,
      by: 'peer',
      wasClean: true,
    });
    expect(statistics.snapshot()).toMatchObject({
      accepted: 1,
      open: 0,
      receivedMessages: 2,
      ended: { 4000: 1 },
    });
  });

  it('loses nothing of what came with the handshake, and answers a close behind what was sent', async () => {
    const { port } = await foreign((ws, request) => {
      of(fromWebSocket(ws, request))
        .pipe(handle(({ text }) => text.pipe(map((line) => line.toUpperCase()))))
        .subscribe();
    });
    const frames = [clientFrame(1, 'm1'), clientFrame(1, 'm2'), clientFrame(8, Buffer.from([3, 232]))];
    const raw = RawClient.to(port, Buffer.concat([Buffer.from(upgradeRequest()), ...frames]));
    const bytes = await raw.closed;
    const answer = parseFrames(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)).map(show);
    expect(answer).toEqual(['text:M1', 'text:M2', 'close:1000']);
  });

  it.each([[true], [false]])('speaks what was agreed on: compressed %p', async (perMessageDeflate) => {
    const { url } = await foreign(
      (ws, request) =>
        of(fromWebSocket(ws, request))
          .pipe(handle(({ messages }) => messages))
          .subscribe(),
      { perMessageDeflate },
    );
    const peer = await client(url);
    const long = 'x'.repeat(100_000);
    peer.send(long);
    expect(await peer.next()).toBe(long);
  });

  it('holds its limits: a message that is too large, a peer that is gone', async () => {
    const ended = new Inbox<unknown>();
    const { url } = await foreign((ws, request) => {
      const config = { maxMessageBytes: 10, keepAlive: { intervalMs: 30, timeoutMs: 30 } };
      fromWebSocket(ws, request, config).closed.subscribe((close) => ended.push(close));
    });
    const large = await client(url);
    large.send('x'.repeat(11));
    expect(await large.closed).toMatchObject({ code: 1009 });
    const gone = await client(url, { autoPong: false });
    expect((await gone.closed).code).toBe(1006);
    expect(await ended.next()).toMatchObject({ code: 1009, by: 'local', wasClean: true });
    expect(await ended.next()).toMatchObject({ code: 1006, by: 'network', error: { code: 'KEEP_ALIVE' } });
  });

  it('sends and closes as any other', async () => {
    const { url } = await foreign((ws, request) => {
      const connection = fromWebSocket(ws, request);
      of(connection)
        .pipe(handle(() => concat(of('a', 'b', 'c'), NEVER)))
        .subscribe();
      connection.text.pipe(take(1)).subscribe(() => connection.close(4001, 'enough'));
    });
    const peer = await client(url);
    expect([await peer.next(), await peer.next(), await peer.next()]).toEqual(['a', 'b', 'c']);
    peer.send('go');
    expect(await peer.closed).toEqual({ code: 4001, reason: 'enough' });
  });

  it('refuses what it cannot use', async () => {
    const errors: unknown[] = [];
    const attempt = (make: () => unknown): void => {
      try {
        make();
      } catch (error) {
        errors.push(error);
      }
    };
    let done: () => void;
    const seen = new Promise<void>((resolve) => (done = resolve));
    const { url } = await foreign((ws, request) => {
      attempt(() => fromWebSocket({} as never, request));
      attempt(() => fromWebSocket(ws, request, { keepAlive: { intervalMs: -1 } }));
      attempt(() => fromWebSocket(ws, { headers: {}, socket: {} } as IncomingMessage));
      fromWebSocket(ws, request);
      attempt(() => fromWebSocket(ws, request));
      ws.terminate();
      attempt(() => fromWebSocket(ws, request));
      done();
    });
    const ws = new WebSocket(url);
    ws.on('error', () => {});
    await seen;
    expect(errors.map((error) => (error as Error).message)).toEqual([
      'this is no WebSocket of `ws`',
      expect.stringContaining('keepAlive takes times'),
      'the Host header or the target of this request is malformed',
      'this WebSocket is a connection already; use that one',
      'this WebSocket is not open',
    ]);
    expect(new Set(errors.map((error) => (error as { code: string }).code))).toEqual(
      new Set(['INVALID_ARGUMENT']),
    );
  });

  it('gives what was sent before anybody read', async () => {
    const connection = new Promise<ReturnType<typeof fromWebSocket>>((resolve, reject) => {
      foreign((ws, request) => resolve(fromWebSocket(ws, request)))
        .then(({ url }) => client(url))
        .then((peer) => peer.send('a', 'b', 'c'), reject);
    });
    const { text } = await connection;
    expect(await firstValueFrom(text.pipe(take(3), toArray()))).toEqual(['a', 'b', 'c']);
  });
});
