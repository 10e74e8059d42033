import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom, lastValueFrom, map, merge, take, tap, toArray } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import { json } from '../../src/codecs/json.ts';
import { connect } from '../../src/client/connect.ts';
import { link } from '../../src/client/link.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import { heartbeat } from '../../src/operators/heartbeat.ts';
import { multiplex } from '../../src/operators/multiplex.ts';
import { request } from '../../src/operators/request.ts';
import { leavesNothing } from './leavesNothing.ts';
import { wsServer } from './wsServer.ts';

interface Ask {
  type: 'sub' | 'unsub' | 'ask';
  key: string;
}
interface Told {
  type: 'value' | 'reply';
  key: string;
  by: number;
}
const { random } = surroundings;
beforeEach(() => {
  surroundings.random = () => 0.01;
});
afterEach(() => {
  surroundings.random = random;
});

/** Tells each key that is asked for what number its connection has, and answers. */
function quotes(): { serve: (ws: WebSocket) => void; asked: string[] } {
  const asked: string[] = [];
  let connections = 0;
  const serve = (ws: WebSocket): void => {
    const by = ++connections;
    ws.on('message', (data: Buffer) => {
      const { type, key } = JSON.parse(data.toString()) as Ask;
      asked.push(`${by} ${type} ${key}`);
      if (type !== 'unsub') ws.send(JSON.stringify({ type: type === 'sub' ? 'value' : 'reply', key, by }));
    });
  };
  return { serve, asked };
}
const channel = (key: string) => ({
  key,
  subscribe: { type: 'sub', key } as const,
  unsubscribe: { type: 'unsub', key } as const,
  matches: (told: Told) => told.type === 'value' && told.key === key,
});

describe('link', () => {
  it('outlives its connections: channels are asked for anew, and it leaves nothing', async () => {
    await leavesNothing(async () => {
      const { serve, asked } = quotes();
      await using server = await wsServer(serve);
      const feed = link({ url: server.url, codec: json<Told, Ask>() });
      const values = merge(multiplex(feed, channel('a')), multiplex(feed, channel('b'))).pipe(
        tap(({ key, by }) => {
          // The first connection is cut when both have come.
          if (key === 'b' && by === 1) for (const ws of server.clients) ws.terminate();
        }),
        map(({ key, by }) => `${key}${by}`),
        take(4),
        toArray(),
      );
      expect(await lastValueFrom(values)).toEqual(['a1', 'b1', 'a2', 'b2']);
      const subs = (by: number): string[] => [`${by} sub a`, `${by} sub b`];
      while (asked.length < 6) await new Promise(setImmediate);
      expect(asked).toEqual([...subs(1), ...subs(2), '2 unsub a', '2 unsub b']);
    });
  });

  it('comes back to a server that was restarted, and sends what waited meanwhile', async () => {
    const serve = async (port: number): Promise<[WebSocketServer, string[]]> => {
      const got: string[] = [];
      const server = new WebSocketServer({ host: '127.0.0.1', port });
      server.on('connection', (ws) => ws.on('message', (data: Buffer) => got.push(data.toString())));
      await once(server, 'listening');
      return [server, got];
    };
    const [first, before] = await serve(0);
    const { port } = first.address() as AddressInfo;
    const feed = link(() => ({ url: `ws://127.0.0.1:${port}/` }), { reconnect: { maxMs: 1_000 } });
    const messages = feed.messages.subscribe();
    await firstValueFrom(feed.status.pipe(filter(({ state }) => state === 'open')));
    feed.send('one');
    while (before.length < 1) await new Promise(setImmediate);
    for (const ws of first.clients) ws.close(1012);
    first.close();
    await firstValueFrom(feed.status.pipe(filter(({ state }) => state === 'waiting')));
    expect(feed.send('two')).toBe(true);
    const [second, after] = await serve(port);
    while (after.length < 1) await new Promise(setImmediate);
    expect([before, after]).toEqual([['one'], ['two']]);
    messages.unsubscribe();
    second.close();
    await once(second, 'close');
  });

  it('asks and is answered, opened by nothing else', async () => {
    const { serve } = quotes();
    await using server = await wsServer(serve);
    const feed = link({ url: server.url, codec: json<Told, Ask>() });
    const reply = request(feed, { type: 'ask', key: 'x' }, { matches: ({ type }) => type === 'reply' });
    expect(await firstValueFrom(reply)).toEqual({ type: 'reply', key: 'x', by: 1 });
    while (server.clients.size > 0) await new Promise(setImmediate);
    expect(await firstValueFrom(reply)).toEqual({ type: 'reply', key: 'x', by: 2 });
  });

  it('100 who come and go while it connects leave one connection', async () => {
    await leavesNothing(async () => {
      let connections = 0;
      await using server = await wsServer((ws) => {
        connections++;
        ws.send('hello');
      });
      const feed = link(server.url);
      for (let i = 0; i < 100; i++) feed.messages.subscribe().unsubscribe();
      expect(await firstValueFrom(feed.messages)).toBe('hello');
      expect([connections, server.clients.size <= 1]).toEqual([1, true]);
    });
  });

  it('finds a silent server out behind a heartbeat, and comes back', async () => {
    let connections = 0;
    await using server = await wsServer((ws) => {
      if (++connections > 1) ws.on('message', () => ws.send('alive'));
      ws.on('ping', () => {});
    });
    const alive = connect(server.url).pipe(heartbeat({ send: 'h', intervalMs: 20, timeoutMs: 20 }));
    expect(await firstValueFrom(link(alive).messages)).toBe('alive');
    expect(connections).toBe(2);
  });

  it('gives up where the server refuses, and says why', async () => {
    await using server = await wsServer(undefined, { verifyClient: (_, done) => done(false, 403) });
    const feed = link(server.url);
    const error = { code: 'HANDSHAKE', status: 403 };
    await expect(lastValueFrom(merge(feed.messages, feed.connections))).rejects.toMatchObject(error);
    expect(await firstValueFrom(feed.status)).toEqual({ state: 'closed' });
  });
});
