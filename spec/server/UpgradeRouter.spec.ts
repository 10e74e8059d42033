import { get } from 'node:http';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import type { SocketArrival } from '../../src/server/SocketArrival.ts';
import type { UpgradeRoute } from '../../src/server/UpgradeRoute.ts';
import { pathMatcher } from '../../src/server/pathMatcher.ts';
import { UpgradeRouter } from '../../src/server/UpgradeRouter.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { pass } from '../core/passing.ts';
import { type Borrowed, httpServer } from './httpServer.ts';
import { RawClient, upgradeRequest } from './rawClient.ts';

let borrowed: Borrowed;
let server: Server;
let time: VirtualTimeScheduler;
beforeEach(async () => {
  time = new VirtualTimeScheduler();
  borrowed = await httpServer();
  ({ server } = borrowed);
});
afterEach(() => borrowed[Symbol.asyncDispose]());

/** A route that answers with its name and the parameters. */
function route(name: string, path?: string | RegExp): UpgradeRoute {
  return {
    matcher: pathMatcher(path),
    clock: scheduledClock(nodeClock, time),
    arrive: ({ socket, head }: SocketArrival, params: object) =>
      socket.end(`HTTP/1.1 299 OK\r\n\r\n${name} ${JSON.stringify(params)} ${head.toString()}`),
    over: () => {},
  } as unknown as UpgradeRoute;
}

const asked = async (path: string, fields = {}): Promise<string> => {
  const { status, body } = await RawClient.to(borrowed.port, upgradeRequest(path, fields)).refusal();
  return status === 299 ? body.trim() : `${status}`;
};

/** Resolves when `count` requests are there for which the time runs. */
async function waiting(count: number): Promise<void> {
  while (time.actions.length < count) await turn();
}

describe('UpgradeRouter', () => {
  it('has one listener for all routes, which goes with the last', () => {
    const closers = server.listenerCount('close');
    const removes = ['/a', '/b', undefined].map((path) => UpgradeRouter.add(server, route('x', path)));
    expect(server.listenerCount('upgrade')).toBe(1);
    removes.shift()!();
    removes.shift()!();
    expect(server.listenerCount('upgrade')).toBe(1);
    removes.shift()!();
    expect([server.listenerCount('upgrade'), server.listenerCount('close')]).toEqual([0, closers]);
    const remove = UpgradeRouter.add(server, route('x'));
    expect(server.listenerCount('upgrade')).toBe(1);
    remove();
    remove();
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  it('asks exact paths, then patterns, then the one for all, each in the order they came', async () => {
    const removes = [
      route('any'),
      route('pattern', /^\/(?<id>.+)$/),
      route('later pattern', /^\/a/),
      route('exact', '/a'),
      route('later exact', '/a'),
    ].map((each) => UpgradeRouter.add(server, each));
    expect(await asked('/a?b')).toBe('exact {}');
    expect(await asked('/b')).toBe('pattern {"id":"b"}');
    expect(await asked('/')).toBe('any {}');
    removes[3]!();
    expect(await asked('/a')).toBe('later exact {}');
    for (const remove of removes) remove();
  });

  it('hands on what came with the request', async () => {
    const remove = UpgradeRouter.add(server, route('any'));
    const { body } = await RawClient.to(borrowed.port, `${upgradeRequest()}more`).refusal();
    expect(body).toBe('any {} more');
    remove();
  });

  it('answers 404 for a path of nobody’s and 400 for none at all, at once', async () => {
    const remove = UpgradeRouter.add(server, route('a', '/a'));
    expect(await asked('/b')).toBe('404');
    expect(await asked('/a', { Host: 'a/b' })).toBe('400');
    expect(await asked('/a', { Host: undefined })).toBe('400');
    expect(await asked('relative')).toBe('400');
    remove();
  });

  it('leaves ordinary requests alone', async () => {
    const remove = UpgradeRouter.add(server, route('any'));
    const status = await new Promise((done) =>
      get(`http://127.0.0.1:${borrowed.port}`, ({ statusCode }) => done(statusCode)),
    );
    expect(status).toBe(200);
    remove();
  });

  it('tells its routes that the server has closed', async () => {
    const { server: other, [Symbol.asyncDispose]: close } = await httpServer();
    const told: string[] = [];
    const remove = UpgradeRouter.add(other, Object.assign(route('x'), { over: () => told.push('over') }));
    await close();
    expect(told).toEqual(['over']);
    remove();
  });

  describe('beside another listener', () => {
    let foreign: (request: { url?: string | undefined }, socket: Duplex) => void;
    let remove: () => void;
    beforeEach(() => {
      foreign = () => {};
      server.on('upgrade', (request, socket) => foreign(request, socket));
      remove = UpgradeRouter.add(server, route('ours', '/ours'));
    });
    afterEach(() => remove());

    it('answers for its own paths, and leaves the others alone', async () => {
      foreign = ({ url }, socket) => {
        if (url === '/theirs') socket.end('HTTP/1.1 299 OK\r\n\r\ntheirs');
      };
      expect(await Promise.all(['/ours', '/theirs'].map((path) => asked(path)))).toEqual([
        'ours {}',
        'theirs',
      ]);
    });

    it('answers 404 where nobody has written a byte for a while', async () => {
      const status = asked('/nobody');
      await waiting(1);
      pass(time, 999);
      const gone = RawClient.to(borrowed.port, upgradeRequest('/gone'));
      await waiting(2);
      gone.reset();
      expect((await gone.closed).length).toBe(0);
      while (time.actions.length > 1) await turn();
      pass(time, 1);
      expect(await status).toBe('404');
      // The refused one may read its answer for a while, and has.
      while (time.actions.length > 0) await turn();
    });

    it('does not touch what another has answered and keeps open', async () => {
      const taken = new Promise<Duplex>((done) => {
        foreign = ({ url }, socket) => {
          if (url !== '/theirs') return;
          socket.write('HTTP/1.1 299 OK\r\n\r\n');
          done(socket);
        };
      });
      const client = RawClient.to(borrowed.port, upgradeRequest('/theirs'));
      const socket = await taken;
      await waiting(1);
      pass(time, 1_000);
      expect(socket.writable).toBe(true);
      expect(socket.listenerCount('error')).toBe(0);
      socket.end('end');
      expect((await client.closed).toString()).toBe('HTTP/1.1 299 OK\r\n\r\nend');
    });

    it('counts only what is written after the upgrade of a socket that was used before', async () => {
      const client = RawClient.to(
        borrowed.port,
        `GET / HTTP/1.1\r\nHost: a\r\n\r\n${upgradeRequest('/nobody')}`,
      );
      await waiting(1);
      pass(time, 1_000);
      expect((await client.closed).toString()).toMatch(/^HTTP\/1\.1 200 [^]*ordinaryHTTP\/1\.1 404 /);
    });
  });
});
