import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import { addressOf } from '../../src/server/addressOf.ts';
import { type AnyServer, type Bound, Ports } from '../../src/testing/Ports.ts';
import { ProcessRef } from '../../src/testing/ProcessRef.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { pass } from '../core/passing.ts';

describe('Ports', () => {
  let time: VirtualTimeScheduler;
  let held: number;
  let ports: Ports;
  beforeEach(() => {
    time = new VirtualTimeScheduler();
    held = 0;
    const process = new ProcessRef();
    jest.spyOn(process, 'hold').mockImplementation(() => {
      held++;
      return () => held--;
    });
    ports = new Ports(scheduledClock(nodeClock, time), 1_000, process);
  });
  const bound = (port = 0, server: AnyServer = createServer(), host?: string): AnyServer => {
    ports.bind(server, { port, host });
    return server;
  };
  const reached = async (url?: string): Promise<AnyServer> =>
    (await firstValueFrom(ports.reach(url === undefined ? undefined : new URL(url), url ?? '/chat'))).server;
  const failure = (url?: string): Promise<unknown> => reached(url).catch((error: unknown) => error);

  describe('bind', () => {
    it('gives an address at once, and says so to the server in a later turn', async () => {
      const server = createServer();
      const listening = jest.fn();
      server.on('listening', listening);
      bound(8080, server);
      expect(addressOf(server)).toEqual({ port: 8080, url: 'ws://localhost:8080' });
      expect([server.listening, listening.mock.calls.length]).toEqual([false, 0]);
      await turn();
      expect(listening).toHaveBeenCalledTimes(1);
      ports.unbind(server);
      expect(addressOf(server)).toBeUndefined();
      server.close();
    });

    it('says nothing to a server that was unbound meanwhile', async () => {
      const server = createServer();
      const listening = jest.fn();
      server.on('listening', listening);
      ports.unbind(bound(0, server));
      await turn();
      expect(listening).not.toHaveBeenCalled();
    });

    it('finds a free port for 0, and uses one again that was freed', () => {
      const first = bound();
      expect(
        [first, bound(), bound(49_155), bound(), bound()].map((server) => addressOf(server)!.port),
      ).toEqual([49_152, 49_153, 49_155, 49_154, 49_156]);
      ports.unbind(first);
      expect(addressOf(bound())!.port).toBe(49_152);
    });

    it('says the host, and wss for a server with TLS', () => {
      expect(addressOf(bound(1, createServer(), '127.0.0.1'))!.url).toBe('ws://127.0.0.1:1');
      expect(addressOf(bound(2, createHttpsServer()))!.url).toBe('wss://localhost:2');
    });

    it('throws where the port is taken', () => {
      const first = bound(8080);
      expect(() => bound(8080)).toThrow(
        expect.objectContaining({
          code: 'EADDRINUSE',
          message: 'listen EADDRINUSE address already in use :::8080',
        }),
      );
      ports.unbind(first);
      bound(8080);
    });

    it.each([70_000, -1, 1.5, NaN])('throws for the port %p, which is none', (port) => {
      expect(() => bound(port)).toThrow(expect.objectContaining({ code: 'ERR_SOCKET_BAD_PORT' }));
    });

    it('throws when all is over', () => {
      ports.close('the server has completed');
      expect(() => bound()).toThrow('the server has completed');
    });

    it('holds the process while a server is bound', () => {
      const servers = [bound(), bound()];
      expect(held).toBe(2);
      ports.unbind(servers[0]!);
      ports.unbind(servers[0]!);
      expect(held).toBe(1);
      ports.unbindAll();
      expect(held).toBe(0);
    });
  });

  describe('bindBorrowed', () => {
    it('gives an address to a server that has none, and is ready with its first `upgrade` listener', async () => {
      const server = createServer();
      ports.bindBorrowed(server);
      expect(addressOf(server)).toEqual({ port: 80, url: 'ws://localhost:80' });
      const seen = jest.fn();
      const subscription = ports.reach(undefined, '/').subscribe(seen);
      server.on('request', () => {});
      await turn();
      expect(seen).not.toHaveBeenCalled();
      server.on('upgrade', () => {});
      await turn();
      expect(seen).toHaveBeenCalledTimes(1);
      expect(subscription.closed).toBe(true);
      ports.unbindAll();
      expect([server.listenerCount('newListener'), addressOf(server)]).toEqual([0, undefined]);
    });

    it('is at the default port of its scheme', () => {
      const server = createHttpsServer();
      ports.bindBorrowed(server);
      expect(addressOf(server)).toEqual({ port: 443, url: 'wss://localhost:443' });
    });

    it('leaves a server where it listens', async () => {
      const server = createServer();
      server.on('upgrade', () => {});
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const address = addressOf(server)!;
      ports.bindBorrowed(server);
      const { port, url } = await firstValueFrom(ports.reach(undefined, '/'));
      expect({ port, url }).toEqual(address);
      ports.unbindAll();
      expect(addressOf(server)).toEqual(address);
      await new Promise((done) => server.close(done));
    });
  });

  describe('reach', () => {
    it('emits the first server, or the one at a port and scheme, at once', async () => {
      const [first, second, secure] = [bound(8080), bound(80), bound(443, createHttpsServer())];
      expect(await reached()).toBe(first);
      expect(await reached('ws://example.com:8080/a')).toBe(first);
      expect(await reached('ws://example.com/a')).toBe(second);
      expect(await reached('wss://example.com/a')).toBe(secure);
      expect(held).toBe(3);
      expect(time.actions).toEqual([]);
    });

    it('waits, and emits what is bound in time', async () => {
      const waiting = [reached(), reached('ws://localhost:8081/')];
      pass(time, 999);
      const first = bound(8080);
      const second = bound(8081);
      expect(await Promise.all(waiting)).toEqual([first, second]);
      expect(time.actions).toEqual([]);
    });

    it('errors where none is bound in time', async () => {
      const nobody = failure();
      pass(time, 1_000);
      expect(await nobody).toMatchObject({
        code: 'HANDSHAKE',
        message: expect.stringMatching(/^could not connect to \/chat: no `listen` .* within 1000 ms in/),
        cause: { code: 'ECONNREFUSED', syscall: 'connect' },
      });
      bound(8080);
      const other = failure('ws://localhost:8081/');
      pass(time, 1_000);
      expect(await other).toMatchObject({
        code: 'HANDSHAKE',
        message:
          'could not connect to ws://localhost:8081/: nothing listened there within 1000 ms, only at ws://localhost:8080',
        cause: { code: 'ECONNREFUSED', syscall: 'connect' },
      });
    });

    it('errors when all is over, also who waits; what is still bound can be reached', async () => {
      const waiting = failure('ws://localhost:8081/');
      const server = bound(8080);
      const cause = new Error('oh');
      ports.close('the server errored', cause);
      ports.close('something else');
      expect(await waiting).toMatchObject({
        code: 'HANDSHAKE',
        message: 'could not connect to ws://localhost:8081/: the server errored',
        cause,
      });
      expect(await reached()).toBe(server);
    });

    it('leaves nothing to who goes before', () => {
      ports.reach(undefined, '/').subscribe().unsubscribe();
      expect([held, time.actions]).toEqual([0, []]);
    });

    it('emits in the async context of who asked, and binds in that of who bound', async () => {
      const store = new AsyncLocalStorage<string>();
      let emittedIn: string | undefined;
      const found = new Promise<Bound>((resolve) => {
        store.run('client', () =>
          ports.reach(undefined, '/').subscribe((server) => {
            emittedIn = store.getStore();
            resolve(server);
          }),
        );
      });
      store.run('server', () => bound());
      const { resource } = await found;
      expect(emittedIn).toBe('client');
      expect(resource.runInAsyncScope(() => store.getStore())).toBe('server');
    });

    it('knows whether a server is still bound', async () => {
      const server = bound();
      const found = await firstValueFrom(ports.reach(undefined, '/'));
      expect([found.isReady(), ports.isBound(server)]).toEqual([true, true]);
      ports.unbind(server);
      expect([found.isReady(), ports.isBound(server)]).toEqual([false, false]);
    });
  });
});
