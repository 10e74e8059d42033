import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  concatWith,
  EMPTY,
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  merge,
  NEVER,
  of,
  retry,
  startWith,
  Subject,
  switchMap,
  take,
  throwError,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import type { HandshakeError } from '../../src/core/HandshakeError.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { accept } from '../../src/server/accept.ts';
import { handle } from '../../src/server/handle.ts';
import { listen } from '../../src/server/listen.ts';
import type { ListenAddress } from '../../src/server/ListenAddress.ts';
import { upgrades } from '../../src/server/upgrades.ts';
import type { Loopback } from '../../src/testing/loopback.ts';
import { pass } from '../core/passing.ts';
import { startingLoopbacks, turns } from './starting.ts';

const start = startingLoopbacks();
const named = (name: string) => handle(() => of(name).pipe(concatWith(NEVER)));
const nameAt = async (net: Loopback<unknown>, url: string): Promise<string> =>
  firstValueFrom((await net.dial(url)).text);
const refused = (dialling: Promise<unknown>): Promise<HandshakeError> =>
  dialling.then(
    () => Promise.reject(new Error('it was opened')),
    (error: HandshakeError) => error,
  );

describe('loopback', () => {
  describe('with several servers', () => {
    const several = merge(
      listen({ port: 8080 }).pipe(named('8080')),
      listen({ port: 8081, host: '127.0.0.1' }).pipe(named('8081')),
      listen({}).pipe(named('free')),
    );

    it('reaches the one at the port of a URL, and with a path the first', async () => {
      const net = start(several);
      expect(await nameAt(net, 'ws://localhost:8081/chat')).toBe('8081');
      expect(await nameAt(net, 'ws://localhost:8080')).toBe('8080');
      expect(await nameAt(net, '//example.com:49152/')).toBe('free');
      expect(await nameAt(net, '/')).toBe('8080');
    });

    it('tells each where it listens', async () => {
      const told: ListenAddress[] = [];
      const listening = (address: ListenAddress): void => void told.push(address);
      start(merge(listen({ port: 8080, listening }), listen({ host: '127.0.0.1', listening })));
      expect(told).toEqual([]);
      await turn();
      expect(told).toEqual([
        { port: 8080, url: 'ws://localhost:8080' },
        { port: 49_152, url: 'ws://127.0.0.1:49152' },
      ]);
    });

    it('lets none have the port of another', async () => {
      const net = start(merge(listen({ port: 8080 }), listen({ port: 8080 })));
      const error: unknown = await lastValueFrom(net.server).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'LISTEN', cause: { code: 'EADDRINUSE' } });
      expect(await refused(net.dial('/'))).toMatchObject({ code: 'HANDSHAKE', cause: error });
    });

    it('frees a port with its server', async () => {
      const stop = new Subject<void>();
      const greet = handle(({ text }: Connection) => text.pipe(startWith('first')));
      const first = listen({ port: 8080, closeWhen: stop }).pipe(greet);
      const net = start(first.pipe(concatWith(listen({ port: 8080 }).pipe(named('second')))));
      expect(await nameAt(net, '/')).toBe('first');
      stop.next();
      expect((await firstValueFrom(net.server)).close.code).toBe(1001);
      expect(await nameAt(net, 'ws://localhost:8080')).toBe('second');
    });

    it('is apart from every other loopback', async () => {
      const nets = ['a', 'b'].map((name) => start(listen({ port: 8080 }).pipe(named(name))));
      expect(await Promise.all(nets.map((net) => nameAt(net, '/')))).toEqual(['a', 'b']);
    });
  });

  describe('that nobody answers', () => {
    it('refuses a URL at whose port nobody listens', async () => {
      const scheduler = new VirtualTimeScheduler();
      const net = start(listen({ port: 8080 }).pipe(named('a')), { scheduler });
      const errors = ['ws://localhost:8081/', 'wss://localhost:8080/'].map((url) => refused(net.dial(url)));
      await turns();
      pass(scheduler, 999);
      const opened = net.dial('/');
      pass(scheduler, 1);
      for (const error of await Promise.all(errors)) {
        expect(error).toMatchObject({ code: 'HANDSHAKE', cause: { code: 'ECONNREFUSED' } });
        expect(error.message).toMatch(
          /nothing listened there within 1000 ms, only at ws:\/\/localhost:8080$/,
        );
      }
      expect((await opened).state).toBe('open');
      expect(scheduler.actions).toEqual([]);
    });

    it('refuses in bounded time where the server never listens', async () => {
      const scheduler = new VirtualTimeScheduler();
      const net = start(NEVER, { scheduler, listenTimeoutMs: 50 });
      const errors = [refused(net.dial('/chat')), refused(net.dial('ws://localhost:80/chat'))];
      await turns();
      pass(scheduler, 50);
      for (const error of await Promise.all(errors)) {
        expect(error).toMatchObject({ code: 'HANDSHAKE', cause: { code: 'ECONNREFUSED' } });
        expect(error.message).toMatch(/^could not connect to .*\/chat: no `listen` .* within 50 ms/);
      }
    });

    it('does so by the clock of the machine where no other is given', async () => {
      const net = start(NEVER, { listenTimeoutMs: 1 });
      expect((await refused(net.dial('/'))).message).toContain('within 1 ms');
    });

    it('refuses at once, and who waits too, where the server errors', async () => {
      const failing = new Subject<never>();
      const net = start(failing);
      const waiting = refused(net.dial('/'));
      await turns();
      const error = new Error('no database');
      failing.error(error);
      for (const refusal of [await waiting, await refused(net.dial('ws://localhost:8080/'))]) {
        expect(refusal).toMatchObject({ code: 'HANDSHAKE', status: undefined });
        expect(refusal.message).toContain('the server errored: no database');
        expect(refusal.cause).toBe(error);
      }
    });

    it.each<[string, unknown]>([
      ['a string', 'no database'],
      ['undefined', undefined],
      ['what is no text', Object.create(null)],
    ])('refuses where the server errors with %s', async (_name, thrown) => {
      const net = start(throwError(() => thrown));
      expect(await refused(net.dial('/'))).toMatchObject({ code: 'HANDSHAKE', status: undefined });
    });

    it('refuses at once, and who waits too, where the server completes', async () => {
      const completing = new Subject<never>();
      const net = start(completing);
      const waiting = refused(net.dial('/'));
      completing.complete();
      for (const refusal of [await waiting, await refused(net.dial('/'))]) {
        expect(refusal).toMatchObject({ code: 'HANDSHAKE', cause: { code: 'ECONNREFUSED' } });
        expect(refusal.message).toContain('the server has completed');
      }
    });

    it('refuses where the server stops listening between', async () => {
      const stop = new Subject<void>();
      const net = start(merge(listen({ closeWhen: stop }), NEVER));
      const dialling = refused(net.dial('/'));
      await Promise.resolve();
      stop.next();
      expect(await dialling).toMatchObject({ code: 'HANDSHAKE' });
    });
  });

  describe('whose server listens late', () => {
    it('waits for it: an async configuration', async () => {
      const settings = turns().then(() => ({ port: 8080 }));
      const net = start(from(settings).pipe(switchMap((config) => listen(config).pipe(named('late')))));
      const names = [nameAt(net, '/'), nameAt(net, 'ws://localhost:8080/')];
      expect(await Promise.all(names)).toEqual(['late', 'late']);
    });

    it('reaches what a Subject of the test subscribes, within `run`', async () => {
      const names = new Subject<string>();
      const net = start(names.pipe(switchMap((name) => listen({ port: 8080 }).pipe(named(name)))));
      net.run(() => names.next('first'));
      const seen = firstValueFrom(
        net.connect('/').pipe(
          switchMap(({ text }) => text),
          retry(1),
          take(2),
          toArray(),
        ),
      );
      await turns();
      // The first one leaves with 1001, and the client comes back.
      expect(net.run(() => (names.next('second'), 'done'))).toBe('done');
      expect(await seen).toEqual(['first', 'second']);
    });

    it('keeps the async contexts of both ends apart', async () => {
      const user = new AsyncLocalStorage<string>();
      const seen: unknown[] = [];
      const server = from(turns()).pipe(
        switchMap(() => listen({})),
        handle(({ text }) =>
          text.pipe(
            map((line) => {
              seen.push(['server', user.getStore()]);
              return line;
            }),
          ),
        ),
      );
      const net = user.run('server', () => start(server));
      await user.run('client', async () => {
        const connection = await net.dial('/');
        connection.text.subscribe(() => seen.push(['client', user.getStore()]));
        connection.send('a');
        await turns();
      });
      await new Promise<void>((done) => {
        user.run('other', () => {
          const subscription = net.connect('/').subscribe(({ text, send }) => {
            seen.push(['opened', user.getStore()]);
            text.subscribe(() => {
              subscription.unsubscribe();
              done();
            });
            send('b');
          });
        });
      });
      expect(seen).toEqual([
        ['server', 'server'],
        ['client', 'client'],
        ['opened', 'other'],
        ['server', 'server'],
      ]);
    });
  });

  describe('with TLS', () => {
    const tls = {
      key: readFileSync('spec/fixtures/server.key'),
      cert: readFileSync('spec/fixtures/server.crt'),
    };

    it('is wss for both ends, and speaks no TLS', async () => {
      const told: ListenAddress[] = [];
      const net = start(
        listen({ port: 8443, tls, listening: (address) => told.push(address) }).pipe(
          handle(({ handshake }) => of(handshake.url.href).pipe(concatWith(NEVER))),
        ),
      );
      expect(await nameAt(net, '/a')).toBe('wss://localhost:8443/a');
      expect(await nameAt(net, 'wss://api.example.com:8443/b')).toBe('wss://api.example.com:8443/b');
      expect(told).toEqual([{ port: 8443, url: 'wss://localhost:8443' }]);
    });

    it('reaches a borrowed server too', async () => {
      const server = createHttpsServer(tls);
      const net = start(listen({ server }).pipe(named('borrowed')), { server });
      expect(await nameAt(net, 'wss://localhost/')).toBe('borrowed');
    });
  });

  describe('with a borrowed server', () => {
    const counts = (server: Server): number[] =>
      ['upgrade', 'close', 'error', 'listening', 'connection', 'request', 'newListener'].map((event) =>
        server.listenerCount(event),
      );

    it('reaches `listen({ server })`, `upgrades(server)` and other listeners, and leaves nothing on it', async () => {
      const server = createServer();
      server.on('upgrade', ({ url }, socket) => {
        if (url === '/foreign') socket.end('HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n');
      });
      const before = counts(server);
      const told: ListenAddress[] = [];
      const net = start(
        merge(
          listen({ server, path: '/a', listening: (address) => told.push(address) }).pipe(named('a')),
          upgrades(server, { path: '/b' }).pipe(
            accept(() => ({ context: 'b' })),
            handle(({ context }) => of(context).pipe(concatWith(NEVER))),
          ),
        ),
        { server },
      );
      expect([await nameAt(net, '/a'), await nameAt(net, 'ws://localhost/b')]).toEqual(['a', 'b']);
      expect(await refused(net.dial('/foreign'))).toMatchObject({ status: 418 });
      expect(told).toEqual([{ port: 80, url: 'ws://localhost:80' }]);
      expect(server.listening).toBe(false);
      await net[Symbol.asyncDispose]();
      expect(counts(server)).toEqual(before);
      server.removeAllListeners();
    });

    it('answers with 404, in time that is given, what neither it nor another listener is for', async () => {
      const scheduler = new VirtualTimeScheduler();
      const server = createServer();
      server.on('upgrade', () => {});
      const net = start(listen({ server, path: '/a', scheduler }), { server });
      const error = refused(net.dial('/nobody'));
      await turns();
      pass(scheduler, 1_000);
      expect(await error).toMatchObject({ status: 404 });
      server.removeAllListeners();
    });

    it('waits until it answers upgrades', async () => {
      const server = createServer();
      const net = start(from(turns()).pipe(switchMap(() => listen({ server }).pipe(named('late')))), {
        server,
      });
      expect(await nameAt(net, '/')).toBe('late');
    });

    it('reaches what somebody else has subscribed', async () => {
      const server = createServer();
      const serving = listen({ server }).pipe(named('elsewhere')).subscribe();
      const net = start(EMPTY, { server });
      expect(await nameAt(net, '/')).toBe('elsewhere');
      serving.unsubscribe();
      expect((await refused(net.dial('/'))).message).toContain('the server has completed');
    });

    it('is no more reached when the server errors', async () => {
      const server = createServer();
      const net = start(
        merge(
          listen({ server }),
          throwError(() => new Error('oh')),
        ),
        { server },
      );
      expect((await refused(net.dial('/'))).message).toContain('the server errored: oh');
    });

    it('has the port at which it listens beside', async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const { port } = server.address() as { port: number };
      const net = start(listen({ server }).pipe(named('both')), { server });
      expect(await nameAt(net, `ws://localhost:${port}/`)).toBe('both');
      expect((await net.dial('/')).handshake.url.href).toBe(`ws://127.0.0.1:${port}/`);
      await net[Symbol.asyncDispose]();
      expect(server.listening).toBe(true);
      await new Promise((done) => server.close(done));
    });
  });

  describe('with `closeWhen`', () => {
    it('refuses new ones, lets the others finish, closes them with 1001, and completes', async () => {
      const closeWhen = new Subject<void>();
      const finish = new Subject<string>();
      const net = start(listen({ closeWhen }).pipe(handle(({ text }) => text.pipe(concatWith(finish)))));
      const connection = await net.dial('/');
      const lines = firstValueFrom(connection.text.pipe(take(2), toArray()));
      connection.send('a');
      await turns();
      closeWhen.next();
      expect(await refused(net.dial('/'))).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
      finish.next('last');
      finish.complete();
      expect(await lines).toEqual(['a', 'last']);
      expect(await firstValueFrom(connection.closed)).toMatchObject({
        code: 1001,
        by: 'peer',
        wasClean: true,
      });
      expect((await lastValueFrom(net.server)).close).toMatchObject({ code: 1001, by: 'local' });
      expect((await refused(net.dial('/'))).message).toContain('the server has completed');
    });
  });
});
