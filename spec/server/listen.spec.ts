import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { concatWith, EMPTY, map, NEVER, of, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import { WebSocket } from 'ws';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Codec } from '../../src/core/Codec.ts';
import type { Handshake } from '../../src/core/Handshake.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import { reject } from '../../src/server/reject.ts';
import { Inbox } from '../connection/contract/Inbox.ts';
import { pass } from '../core/passing.ts';
import { clientFrame } from '../transports/ws/wire.ts';
import { wsPeer } from '../transports/ws/wsPeer.ts';
import { httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';
import { serving } from './serving.ts';

const tls = { key: readFileSync('spec/fixtures/server.key'), cert: readFileSync('spec/fixtures/server.crt') };

async function client(
  url: string,
  options: object = {},
): Promise<ReturnType<typeof wsPeer> & { ws: WebSocket }> {
  const ws = new WebSocket(url, { rejectUnauthorized: false, ...options });
  const peer = wsPeer(ws);
  await once(ws, 'open');
  return Object.assign(peer, { ws });
}

/** The status of a refusal. */
const refused = (url: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const ws = new WebSocket(url);
    ws.on('error', () => {});
    ws.on('unexpected-response', (_, response) => resolve(response.resume().statusCode));
  });

const ordinary = (url: string): Promise<IncomingMessage> =>
  new Promise((resolve) => get(url, (response) => resolve(response.resume())));

/** The code of the error that a socket ends with. */
const errorOf = ({ socket }: RawClient): Promise<unknown> =>
  new Promise((resolve) => socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code)));

const upper = handle(({ text: lines }: Connection) => lines.pipe(map((line) => line.toUpperCase())));

describe('listen', () => {
  describe('with a server of its own', () => {
    it('accepts on a port that the system chose, and tells which', async () => {
      using server = await serving({}, (connections) => connections.pipe(upper));
      expect(server.url).toBe(`ws://127.0.0.1:${server.port}`);
      const peer = await client(server.url);
      peer.send('a', 'b');
      expect([await peer.next(), await peer.next()]).toEqual(['A', 'B']);
      peer.close(1000);
      expect(await server.emitted.next()).toMatchObject({
        close: { code: 1000, by: 'peer' },
        finished: true,
      });
    });

    it('speaks TLS', async () => {
      using server = await serving({ tls }, (connections) => connections.pipe(upper));
      expect(server.url).toBe(`wss://127.0.0.1:${server.port}`);
      const peer = await client(server.url);
      peer.send('a');
      expect(await peer.next()).toBe('A');
      peer.close(1000);
      const { connection } = await server.emitted.next();
      expect(connection.handshake.url.protocol).toBe('wss:');
    });

    it('asks ordinary requests to upgrade', async () => {
      using server = await serving({});
      const response = await ordinary(`http://127.0.0.1:${server.port}`);
      expect([response.statusCode, response.headers.upgrade]).toEqual([426, 'websocket']);
    });

    it('decides, types the context and the messages, and sends what is decided', async () => {
      interface Said {
        readonly said: string;
      }
      const codec: Codec<Said, Said> = {
        decode: (data) => ({ said: String(data) }),
        encode: ({ said }) => said,
      };
      using server = await serving(
        {
          codec,
          protocols: ['b'],
          shouldUpgrade: async ({ headers, path }) => {
            const name = await Promise.resolve(headers['x-name'] ?? '?');
            return path === '/deny' ? reject(401) : { context: { name }, headers: { 'X-A': 'b' } };
          },
        },
        (connections) =>
          connections.pipe(
            handle(({ messages, context }) =>
              messages.pipe(map(({ said }) => ({ said: `${context.name}: ${said}` }))),
            ),
          ),
      );
      expect(await refused(`${server.url}/deny`)).toBe(401);
      const ws = new WebSocket(server.url, ['a', 'b'], { headers: { 'X-Name': 'Ada' } });
      const peer = wsPeer(ws);
      const answer = new Promise<IncomingMessage>((resolve) => ws.on('upgrade', resolve));
      await once(ws, 'open');
      expect([(await answer).headers['x-a'], ws.protocol]).toEqual(['b', 'b']);
      peer.send('hi');
      expect(await peer.next()).toBe('Ada: hi');
      peer.cut();
    });

    it('refuses foreign pages, and more than it has room for', async () => {
      using server = await serving({ maxConnections: 1 });
      const foreign = RawClient.to(server.port, upgradeRequest('/', { Origin: 'https://evil.example' }));
      expect((await foreign.refusal()).status).toBe(403);
      const peer = await client(server.url);
      expect(await refused(server.url)).toBe(503);
      peer.cut();
    });

    it('compresses only where it is told to', async () => {
      for (const [perMessageDeflate, extensions] of [
        [undefined, ''],
        [true, 'permessage-deflate'],
      ] as const) {
        using server = await serving(
          perMessageDeflate === undefined ? {} : { perMessageDeflate },
          (connections) => connections.pipe(upper),
        );
        const peer = await client(server.url);
        expect(peer.ws.extensions).toBe(extensions);
        peer.send('x'.repeat(5_000));
        expect(await peer.next()).toBe('X'.repeat(5_000));
        peer.cut();
      }
    });

    it('errors where the port is in use', async () => {
      using first = await serving({});
      await expect(serving({ port: first.port })).rejects.toMatchObject({
        code: 'LISTEN',
        cause: { code: 'EADDRINUSE' },
      });
      (await client(first.url)).cut();
    });

    it('ends a request that takes too long, and serves the others meanwhile', async () => {
      using server = await serving({ handshakeTimeoutMs: 400 }, (connections) => connections.pipe(upper));
      const silent = RawClient.to(server.port);
      const half = RawClient.to(server.port, upgradeRequest().slice(0, 30));
      const slow = RawClient.to(server.port);
      let at = 0;
      const timer = setInterval(() => slow.socket.write(upgradeRequest()[at++] ?? 'x'), 20);
      const peer = await client(server.url);
      peer.send('a');
      expect(await peer.next()).toBe('A');
      await Promise.all([silent, half, slow].map(({ closed }) => closed));
      clearInterval(timer);
      peer.send('b');
      expect(await peer.next()).toBe('B');
      peer.cut();
    });

    it('when unsubscribed, listens no more, ends what is undecided, and closes with 1001 what is open', async () => {
      const server = await serving({ shouldUpgrade: ({ path }) => (path === '/slow' ? NEVER : true) });
      const peer = await client(server.url);
      const undecided = RawClient.to(server.port, upgradeRequest('/slow'));
      const idle = RawClient.to(server.port);
      await Promise.all([server.emitted.next(), undecided.connected(), idle.connected()]);
      (await client(server.url)).cut();
      server.subscription.unsubscribe();
      expect((await undecided.refusal()).status).toBe(503);
      expect(await peer.closed).toEqual({ code: 1001, reason: '' });
      await idle.closed;
      const late = RawClient.to(server.port);
      expect(await errorOf(late)).toBe('ECONNREFUSED');
    });

    it('when unsubscribed, leaves it to `handle` to close what it answers', async () => {
      const server = await serving({}, (connections) => connections.pipe(handle(() => NEVER)));
      const peer = await client(server.url);
      server.subscription.unsubscribe();
      expect(await peer.closed).toEqual({ code: 1001, reason: '' });
    });

    it('is cold: each subscription has a server of its own', async () => {
      const ports: number[] = [];
      const connections = listen({ host: '127.0.0.1', listening: ({ port }) => ports.push(port) });
      expect(ports).toEqual([]);
      const subscriptions = [connections.subscribe(), connections.subscribe()];
      while (ports.length < 2) await new Promise((done) => setImmediate(done));
      expect(ports[0]).not.toBe(ports[1]);
      for (const subscription of subscriptions) subscription.unsubscribe();
    });

    it('goes on where `listening` throws, and reports it', async () => {
      const [error, where] = await new Promise<[unknown, Handshake | Connection]>((resolve) => {
        const subscription = listen({
          host: '127.0.0.1',
          listening: () => {
            throw new Error('oh');
          },
          onError: (...args) => {
            expect(subscription.closed).toBe(false);
            subscription.unsubscribe();
            resolve(args);
          },
        }).subscribe();
      });
      expect(error).toMatchObject({ message: 'oh' });
      expect(where).toMatchObject({ url: { hostname: '127.0.0.1' } });
    });
  });

  describe('with a borrowed server', () => {
    it('serves its paths beside each other, a foreign listener and ordinary requests', async () => {
      await using borrowed = await httpServer();
      const { server } = borrowed;
      const url = `ws://127.0.0.1:${borrowed.port}`;
      const foreign = new Subject<string>();
      server.on('upgrade', (message, socket) => {
        if (message.url !== '/foreign') return;
        foreign.next(message.url);
        socket.end('HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n');
      });
      using echo = await serving({ server, path: '/echo' }, (connections) =>
        connections.pipe(handle(({ messages }) => messages)),
      );
      using loud = await serving({ server, path: '/upper' }, (connections) => connections.pipe(upper));
      using rooms = await serving(
        {
          server,
          path: /^\/rooms\/(?<room>\w+)$/,
          shouldUpgrade: ({ params }) => ({ context: params['room'] }),
        },
        (connections) =>
          connections.pipe(handle(({ context }) => of(String(context)).pipe(concatWith(NEVER)))),
      );
      expect(server.listenerCount('upgrade')).toBe(2);
      expect([echo.url, loud.url, rooms.url]).toEqual([url, url, url]);
      const peers = await Promise.all(['/echo', '/upper', '/rooms/7'].map((path) => client(url + path)));
      for (const peer of peers) peer.send('a');
      expect(await Promise.all(peers.map((peer) => peer.next()))).toEqual(['a', 'A', '7']);
      const response = await ordinary(`http://127.0.0.1:${borrowed.port}/echo`);
      expect(response.statusCode).toBe(200);
      expect(await refused(`${url}/foreign`)).toBe(418);
      expect(await refused(`${url}/nobody`)).toBe(404);
      for (const peer of peers) peer.cut();
      server.removeAllListeners('upgrade');
    });

    it('takes only its own listener when it is unsubscribed, and closes its connections', async () => {
      await using borrowed = await httpServer();
      const { server } = borrowed;
      const events = ['upgrade', 'close', 'error', 'listening', 'connection', 'request'];
      const before = events.map((event) => server.listenerCount(event));
      const [first, second] = await Promise.all(['/a', '/b'].map((path) => serving({ server, path })));
      const peer = await client(`${first!.url}/a`);
      first!.subscription.unsubscribe();
      expect(await peer.closed).toMatchObject({ code: 1001 });
      expect(server.listening).toBe(true);
      const other = await client(`${second!.url}/b`);
      expect(other.ws.readyState).toBe(WebSocket.OPEN);
      other.cut();
      second!.subscription.unsubscribe();
      expect(events.map((event) => server.listenerCount(event))).toEqual(before);
    });

    it('completes when the server closes', async () => {
      const borrowed = await httpServer();
      const served = await serving({ server: borrowed.server });
      await borrowed[Symbol.asyncDispose]();
      expect(await served.over).toBeUndefined();
    });

    it('waits for a server that does not listen yet', async () => {
      const server = createServer();
      const served = serving({ server });
      server.listen(0, '127.0.0.1');
      using ready = await served;
      (await client(ready.url)).cut();
      server.close();
    });
  });

  describe('with `closeWhen`', () => {
    it('refuses new ones, lets the others finish, closes them with 1001, and then the server', async () => {
      const closeWhen = new Subject<void>();
      const finish = new Subject<string>();
      const server = await serving(
        { closeWhen, shouldUpgrade: ({ path }) => (path === '/slow' ? NEVER : true) },
        (connections) => connections.pipe(handle((connection) => connection.text.pipe(concatWith(finish)))),
      );
      const peer = await client(server.url);
      peer.send('a');
      expect(await peer.next()).toBe('a');
      const undecided = RawClient.to(server.port, upgradeRequest('/slow'));
      await undecided.connected();
      (await client(server.url)).cut();
      closeWhen.next();
      expect(closeWhen.observed).toBe(false);
      expect((await undecided.refusal()).status).toBe(503);
      const late = await RawClient.to(server.port, upgradeRequest()).refusal();
      expect([late.status, late.headers['retry-after'], late.headers['connection']]).toEqual([
        503,
        '5',
        'close',
      ]);
      peer.send('too late');
      finish.next('last');
      expect(await peer.next()).toBe('last');
      finish.complete();
      expect(await peer.closed).toEqual({ code: 1001, reason: '' });
      expect(await server.over).toBeUndefined();
      expect(await errorOf(RawClient.to(server.port))).toBe('ECONNREFUSED');
    });

    it('closes what nobody answers', async () => {
      const closeWhen = new Subject<void>();
      const server = await serving({ closeWhen });
      const peer = await client(server.url);
      await server.emitted.next();
      closeWhen.next();
      expect(await peer.closed).toEqual({ code: 1001, reason: '' });
      expect(await server.over).toBeUndefined();
    });

    it('completes on a borrowed server, which goes on', async () => {
      await using borrowed = await httpServer();
      const closeWhen = new Subject<void>();
      const served = await serving({ server: borrowed.server, closeWhen }, (connections) =>
        connections.pipe(upper),
      );
      const peer = await client(served.url);
      closeWhen.next();
      const [ended] = await Promise.all([served.emitted.next(), peer.closed]);
      expect(ended.close).toMatchObject({ code: 1001, by: 'local', wasClean: true });
      expect(await served.over).toBeUndefined();
      expect([borrowed.server.listening, borrowed.server.listenerCount('upgrade')]).toEqual([true, 0]);
    });

    it.each([
      ['a promise', () => Promise.resolve()],
      ['a value at once', () => [1]],
    ])('takes %s', async (_, closeWhen) => {
      const over = new Promise<void>((complete, error) => {
        listen({ host: '127.0.0.1', closeWhen: closeWhen() }).subscribe({ complete, error });
      });
      await over;
    });

    it.each<[string, () => never]>([
      ['errors', () => throwError(() => new Error('oh')) as never],
      ['rejects', () => Promise.reject(new Error('oh')) as never],
      ['is no input', () => 5 as never],
    ])('drains where it %s, and reports it', async (_, closeWhen) => {
      const reported: unknown[] = [];
      await new Promise<void>((complete, error) => {
        listen({
          host: '127.0.0.1',
          closeWhen: closeWhen(),
          onError: (...args) => reported.push(args),
        }).subscribe({ complete, error });
      });
      expect(reported).toHaveLength(1);
    });

    it('does nothing where it completes without a value', async () => {
      using server = await serving({ closeWhen: EMPTY }, (connections) => connections.pipe(upper));
      const peer = await client(server.url);
      peer.send('a');
      expect(await peer.next()).toBe('A');
      peer.cut();
    });

    it('lets go of it when unsubscribed', async () => {
      const closeWhen = new Subject<void>();
      const server = await serving({ closeWhen });
      expect(closeWhen.observed).toBe(true);
      server.subscription.unsubscribe();
      expect(closeWhen.observed).toBe(false);
    });
  });

  it('leaves nothing when it is unsubscribed: the process ends by itself', async () => {
    const child = execFile(process.execPath, ['--import', 'tsx', 'spec/server/leaving.ts'], {
      timeout: 20_000,
    });
    const output = Promise.all([text(child.stdout!), text(child.stderr!)]);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await output).toEqual(['ws 1001\nwss 1001\n', '']);
  }, 30_000);

  it('survives every kind of bad client, and serves the good one', async () => {
    const reported: unknown[] = [];
    const scheduler = new VirtualTimeScheduler();
    const asked = new Inbox<string>();
    using server = await serving(
      {
        scheduler,
        shouldUpgrade: ({ path }) => {
          asked.push(path);
          if (path === '/throw') throw new Error('oh');
          if (path === '/reject') return Promise.reject(new Error('oh'));
          return path === '/never' ? NEVER : path === '/fault';
        },
        onError: (error) => reported.push(error),
      },
      (connections) => connections.pipe(upper),
    );
    const statuses = Promise.all(
      ['/throw', '/reject', '/never', '/false'].map(
        async (path) => (await RawClient.to(server.port, upgradeRequest(path)).refusal()).status,
      ),
    );
    for (let i = 0; i < 4; i++) await asked.next();
    pass(scheduler, 10_000);
    expect(await statuses).toEqual([500, 500, 503, 403]);
    expect(reported).toHaveLength(2);
    const vanished = RawClient.to(server.port, upgradeRequest('/never'));
    await vanished.connected();
    vanished.reset();
    for (const bytes of [Buffer.from('\x16\x03\x01 not HTTP'), Buffer.alloc(100_000, 'x')])
      await RawClient.to(server.port, bytes).closed;
    const fault = RawClient.to(
      server.port,
      Buffer.concat([Buffer.from(upgradeRequest('/fault')), Buffer.from([0xf2, 0x80, 0, 0, 0, 0])]),
    );
    fault.socket.once('data', () => fault.socket.end(clientFrame(8, Buffer.from([3, 234]))));
    expect(await server.emitted.next()).toMatchObject({ close: { code: 1002 } });
    const good = await client(`${server.url}/fault`);
    good.send('a');
    expect(await good.next()).toBe('A');
    good.cut();
  });
});
