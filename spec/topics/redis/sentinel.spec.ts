import { afterAll, describe, expect, it } from '@jest/globals';
import { createSentinel } from '@redis/client';
import { Redis } from 'ioredis';
import { filter, firstValueFrom } from 'rxjs';
import { text } from '../../../src/codecs/text.ts';
import { openLike } from '../../../src/topics/redis/openRedis.ts';
import { redis, type RedisConfig } from '../../../src/topics/redis/redis.ts';
import type { RedisClient } from '../../../src/topics/redis/RedisClient.ts';
import { RedisDriver } from '../../../src/topics/redis/RedisDriver.ts';
import { RemoteBus } from '../../../src/topics/remote/RemoteBus.ts';
import { topics } from '../../../src/topics/topics.ts';
import { ask } from '../ask.ts';
import { busContract, listening } from '../remote/contract.ts';
import { Sentinel } from '../Sentinel.ts';
import { freshPrefix } from '../servers.ts';

const sentinel = new Sentinel();
const isThere = await sentinel.start();

const clients: Record<string, (port: number) => RedisClient> = {
  '@redis/client': (port) =>
    createSentinel({ name: 'main', sentinelRootNodes: [{ host: '127.0.0.1', port }] }),
  ioredis: (port) =>
    new Redis({
      ...{ name: 'main', sentinels: [{ host: '127.0.0.1', port }], lazyConnect: true },
      ...{ retryStrategy: () => 50, sentinelRetryStrategy: () => 50 },
    }),
};

afterAll(() => sentinel[Symbol.asyncDispose]());

(isThere ? describe : describe.skip)('redis, by a Sentinel', () => {
  busContract('by createSentinel', {
    bus: (config) => redis({ client: clients['@redis/client']!(sentinel.port), ...config } as RedisConfig),
    subscriptionsOf: async (prefix, topic) => {
      const { port } = await sentinel.master();
      const [, count] = (await ask(port, 'PUBSUB', 'NUMSUB', prefix + topic)) as [string, number];
      return Number(count);
    },
    publishForeign: async (prefix, topic, payload) =>
      ask((await sentinel.master()).port, 'PUBLISH', prefix + topic, payload),
    hasPatterns: true,
  });

  const cases: [string, string][] = [
    ['@redis/client', 'is killed'],
    ['@redis/client', 'lives'],
    ['ioredis', 'is killed'],
  ];
  it.each(cases)(
    '%s: the master is lost, and its replica found; the master %s',
    async (name, fate) => {
      await using own = new Sentinel();
      await own.start();
      const open = openLike(clients[name]!(own.port), false);
      const prefix = freshPrefix();
      const history = { length: 100, maxAgeMs: 60_000 };
      // A Sentinel takes ten seconds to tell a master that lives.
      const silentMs = fate === 'lives' ? 250 : 10_000;
      const driver = () => new RedisDriver({ open, prefix, isSharded: false, history, silentMs });
      const bus = new RemoteBus({ driver, hasHistory: true, idleMs: 60_000 });
      await using _ = { [Symbol.asyncDispose]: () => bus.close() };
      const errors: unknown[] = [];
      const rooms = topics({ codec: text(), bus, onError: (error) => errors.push(error) });
      const is = (state: string) => firstValueFrom(rooms.state.pipe(filter((now) => now === state)));
      const a = await listening(rooms, 'a', '0');
      rooms.publish('a', 'before');
      expect(await a.next(1)).toEqual(['before']);
      const master = await own.master();
      await ask(master.port, 'WAIT', 1, 1_000);
      const lost = is('lost');
      if (fate === 'is killed') await master.kill();
      await own.failOver();
      await lost;
      await is('open');
      rooms.publish('a', 'after');
      expect(await a.next(1)).toEqual(['after']);
      expect(errors).toEqual([]);
    },
    30_000,
  );
});
