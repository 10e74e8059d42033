import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, map, NEVER, type ObservableInput, take, timer } from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { accept } from '../../src/server/accept.ts';
import type { Decision } from '../../src/server/Decision.ts';
import { handle } from '../../src/server/handle.ts';
import type { ListenConfig } from '../../src/server/ListenConfig.ts';
import { reject } from '../../src/server/reject.ts';
import type { Refused } from '../../src/server/Refused.ts';
import { type ServerSnapshot, serverStatistics } from '../../src/server/ServerStatistics.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';
import { serving } from './serving.ts';
import { WebSocket } from 'ws';

const NONE = {
  open: 0,
  held: 0,
  accepted: 0,
  refused: {
    malformed: 0,
    path: 0,
    origin: 0,
    connections: 0,
    address: 0,
    draining: 0,
    timeout: 0,
    decision: 0,
    failed: 0,
    left: 0,
  },
  ended: {},
  receivedMessages: 0,
  sentMessages: 0,
  receivedBytes: 0,
  sentBytes: 0,
  droppedMessages: 0,
  droppedBytes: 0,
  queuedBytes: 0,
  readAheadBytes: 0,
  roundTripMs: undefined,
};

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

async function watched<D extends Decision | ObservableInput<Decision> = true>(
  config: ListenConfig<Data, Sendable, D>,
) {
  const statistics = serverStatistics();
  const refusals: Refused[] = [];
  statistics.refusals.subscribe((refused) => refusals.push(refused));
  const server = await serving({ ...config, statistics }, (connections) =>
    connections.pipe(handle(({ text }: Connection) => text.pipe(map((line) => line.toUpperCase())))),
  );
  ends.push(() => server[Symbol.dispose]());
  const ask = (fields: Record<string, string | undefined> = {}, path = '/') =>
    RawClient.to(server.port, upgradeRequest(path, fields));
  return { statistics, refusals, server, ask };
}

describe('ServerStatistics', () => {
  it('begins with nothing', () => {
    expect(serverStatistics().snapshot()).toEqual(NONE);
  });

  it('counts what passes, what waits and what ends', () =>
    runMarbles(({ upgrade, hot, expectObservable }) => {
      const statistics = serverStatistics();
      const slow = upgrade('-abc', {}, { writable: 'f' });
      const held = upgrade('--c 7ms #', {}, { pongMs: 3 });
      hot('a', { a: slow })
        .pipe(accept(undefined, { statistics, overflow: 'dropNewest', maxQueuedMessages: 1 }))
        .subscribe(({ text, send }) => text.subscribe((line) => send(`${line}!`)));
      hot('a', { a: held })
        .pipe(accept(undefined, { statistics }))
        .subscribe((connection) => {
          connection.hold();
          connection.ping().subscribe();
        });
      const picked = (...names: (keyof ServerSnapshot)[]) =>
        map((snapshot: ServerSnapshot) => names.map((name) => snapshot[name]));
      const at = (frame: number) => timer(frame).pipe(map(() => statistics.snapshot()));
      expectObservable(
        at(5).pipe(picked('open', 'held', 'accepted', 'receivedMessages', 'sentMessages')),
      ).toBe('5ms (x|)', { x: [2, 1, 2, 4, 3] });
      expectObservable(
        at(5).pipe(picked('droppedMessages', 'droppedBytes', 'queuedBytes', 'readAheadBytes')),
      ).toBe('5ms (x|)', { x: [2, 4, 2, 9] });
      expectObservable(at(5).pipe(picked('roundTripMs'))).toBe('5ms (x|)', {
        x: [{ median: 3, p95: 3, max: 3 }],
      });
      expectObservable(at(20).pipe(picked('open', 'ended'))).toBe('20ms (x|)', { x: [1, { 1006: 1 }] });
    }));

  it('emits snapshots while somebody looks', () =>
    runMarbles(({ expectObservable }) => {
      const statistics = serverStatistics();
      const open = statistics.snapshots(10).pipe(
        map((snapshot) => snapshot.open),
        take(3),
      );
      expectObservable(open).toBe('a 9ms a 9ms (a|)', { a: 0 });
    }));

  it('counts the bytes of sockets, also of those that have ended', async () => {
    const { statistics, server } = await watched({});
    const ws = new WebSocket(server.url);
    const peer = wsPeer(ws);
    await once(ws, 'open');
    peer.send('hello');
    expect(await peer.next()).toBe('HELLO');
    const open = statistics.snapshot();
    expect(open).toMatchObject({ open: 1, accepted: 1, receivedMessages: 1, sentMessages: 1 });
    // The handshakes, and 5 bytes in a frame of 2 bytes, with a mask of 4.
    expect(open.receivedBytes).toBeGreaterThan(100);
    expect(open.sentBytes).toBeGreaterThan(100);
    peer.close(4000);
    await server.emitted.next();
    const ended = statistics.snapshot();
    expect(ended).toMatchObject({ open: 0, ended: { 4000: 1 } });
    expect(ended.receivedBytes).toBe(open.receivedBytes + 8);
    expect(ended.sentBytes).toBe(open.sentBytes + 4);
  });

  it('counts each refusal by its reason, and tells it', async () => {
    const { statistics, refusals, ask } = await watched({
      path: /^\/(?!nowhere)/,
      maxConnectionsPerAddress: 1,
      addressOf: ({ headers }) => {
        if (headers['x-bad']) throw new Error('no address');
        return headers['x-for'];
      },
      onError: () => {},
      handshakeTimeoutMs: 300,
      shouldUpgrade: ({ path }) => {
        if (path === '/throws') throw new Error('thrown');
        return path === '/late'
          ? new Promise<boolean>(() => {})
          : path === '/no'
            ? reject(401)
            : path !== '/false';
      },
    });
    const asked: [
      status: number,
      reason: string,
      fields: Record<string, string | undefined>,
      path: string,
    ][] = [
      [404, 'path', {}, '/nowhere'],
      [400, 'malformed', { Host: undefined }, '/'],
      [400, 'malformed', { 'Sec-WebSocket-Key': 'x' }, '/'],
      [426, 'malformed', { 'Sec-WebSocket-Version': '8' }, '/'],
      [403, 'origin', { Origin: 'https://evil.example' }, '/'],
      [500, 'failed', { 'X-Bad': '1' }, '/'],
      [500, 'failed', { 'X-For': 'b' }, '/throws'],
      [401, 'decision', { 'X-For': 'c' }, '/no'],
      [403, 'decision', { 'X-For': 'd' }, '/false'],
      [503, 'timeout', { 'X-For': 'e' }, '/late'],
    ];
    for (const [status, reason, fields, path] of asked) {
      const client = ask(fields, path);
      expect((await client.refusal()).status).toBe(status);
      expect(refusals.at(-1)).toMatchObject({ reason, status });
      await client.closed;
    }
    expect(refusals[0]!.handshake).toMatchObject({ path: '/nowhere' });
    expect(refusals[1]!.handshake).toBeUndefined();

    expect(statistics.snapshot()).toMatchObject({
      accepted: 0,
      refused: { path: 1, malformed: 3, origin: 1, failed: 2, decision: 2, timeout: 1 },
    });
  });

  it('counts who finds no room, until somebody leaves', async () => {
    const { refusals, server, ask } = await watched({
      maxConnections: 2,
      maxConnectionsPerAddress: 1,
      addressOf: ({ headers }) => headers['x-for'],
    });
    const from = (name: string) => ask({ 'X-For': name });
    const open = ['192.0.2.1', '2001:db8::1'].map(from);
    for (const client of open) expect((await client.answer()).status).toBe(101);
    const full = await from('192.0.2.3').refusal();
    expect([full.status, full.headers['retry-after']]).toEqual([503, '5']);
    open[0]!.socket.destroy();
    await server.emitted.next();
    expect((await from('2001:db8::2').refusal()).status).toBe(503);
    const again = from('192.0.2.1');
    expect((await again.answer()).status).toBe(101);
    expect(refusals.map(({ reason }) => reason)).toEqual(['connections', 'address']);
    for (const { socket } of [...open, again]) socket.destroy();
  });

  it('counts who left, and who came too late', async () => {
    const { refusals, server, ask, statistics } = await watched({ shouldUpgrade: () => NEVER });
    const left = ask();
    const told = firstValueFrom(statistics.refusals);
    await once(left.socket, 'connect');
    setTimeout(() => left.socket.destroy(), 30);
    await told;
    const late = ask();
    const also = firstValueFrom(statistics.refusals);
    await once(late.socket, 'connect');
    setTimeout(() => server.subscription.unsubscribe(), 30);
    await also;
    expect(refusals).toMatchObject([
      { reason: 'left', status: undefined, handshake: { path: '/' } },
      { reason: 'draining', status: 503 },
    ]);
  });
});
