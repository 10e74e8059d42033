import { afterAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@redis/client';
import { Redis } from 'ioredis';
import { redis, type RedisConfig } from '../../../src/topics/redis/redis.ts';
import type { RedisClient } from '../../../src/topics/redis/RedisClient.ts';
import { busContract } from '../remote/contract.ts';
import { leaving } from '../remote/leaving.ts';
import { outages } from '../remote/outages.ts';
import { refusals } from '../remote/refusals.ts';
import { sockets } from '../remote/sockets.ts';
import { unreachable } from '../remote/unreachable.ts';
import { ask } from '../ask.ts';
import { ownRedis, serverAt, ownNames } from '../servers.ts';
import { silence } from './silence.ts';
import { troubles } from './troubles.ts';

const found = await serverAt(6379, ownRedis(), 'Redis');
const port = found?.port ?? 0;
const admin = new Redis({ port, lazyConnect: true });

const clients: Record<string, (port: number) => { url: string } | { client: RedisClient }> = {
  'a URL': (at) => ({ url: `redis://127.0.0.1:${at}` }),
  '@redis/client': (at) => ({
    client: createClient({ url: `redis://127.0.0.1:${at}`, socket: { reconnectStrategy: 20 } }),
  }),
  ioredis: (at) => ({
    client: new Redis({ port: at, lazyConnect: true, retryStrategy: () => 20, ...AWKWARD }),
  }),
};
/** What a program may have for its own use of Redis. */
const AWKWARD = { keyPrefix: 'of-the-client:', enableAutoPipelining: true, stringNumbers: true };

afterAll(async () => {
  if (found === undefined) return;
  for await (const keys of admin.scanStream({ match: `*${ownNames}*`, count: 1_000 }))
    if ((keys as string[]).length > 0) await admin.del(...(keys as string[]));
  admin.disconnect();
  await found[Symbol.asyncDispose]();
});

(found === undefined ? describe.skip : describe)('redis', () => {
  for (const [name, client] of Object.entries(clients))
    for (const sharded of [false, true]) {
      const count = async (name: string, at: number): Promise<number> => {
        const command = sharded ? 'SHARDNUMSUB' : 'NUMSUB';
        const [, subscriptions] = (await ask(at, 'PUBSUB', command, name)) as [string, number];
        return Number(subscriptions);
      };
      const channel = (prefix: string, topic: string): string => prefix + (sharded ? `{${topic}}` : topic);
      busContract(`by ${name}${sharded ? ', sharded' : ''}`, {
        bus: (config) => redis({ ...client(port), sharded, ...config } as RedisConfig),
        subscriptionsOf: (prefix, topic) => count(channel(prefix, topic), port),
        publishForeign: (prefix, topic, payload) =>
          admin.call(sharded ? 'SPUBLISH' : 'PUBLISH', channel(prefix, topic), payload),
        hasPatterns: !sharded,
      });
      leaving(`by ${name}${sharded ? ', sharded' : ''}`, {
        server: () => ownRedis(),
        bus: ({ port: at, ...config }) => redis({ ...client(at), sharded, ...config } as RedisConfig),
        subscriptionsOf: async (own, prefix, target) => {
          if (typeof target === 'string') return count(channel(prefix, target), own.port);
          const list = String(await ask(own.port, 'CLIENT', 'LIST', 'TYPE', 'pubsub'));
          return [...list.matchAll(/ psub=(\d+)/g)].reduce((sum, [, found]) => sum + Number(found), 0);
        },
        hasPatterns: !sharded,
      });
      if (sharded) continue;
      silence(`by ${name}`, client);
      troubles(`by ${name}`, {
        bus: ({ port: at, ...config }) => redis({ ...client(at), ...config } as RedisConfig),
        ask,
      });
      refusals(`by ${name}`, {
        server: async (prefix) => {
          const own = ownRedis();
          expect(await own.start()).toBe(true);
          const rights = ['on', 'nopass', '+@all', '~*', 'resetchannels', `&${prefix}ok`];
          await ask(own.port, 'ACL', 'SETUSER', 'default', ...rights);
          return own;
        },
        bus: ({ port: at, ...config }) => redis({ ...client(at), ...config } as RedisConfig),
      });
      if (name === 'a URL')
        sockets(`by ${name}`, (config) => redis({ ...client(port), ...config } as RedisConfig));
      unreachable(`by ${name}`, {
        server: () => ownRedis(),
        bus: ({ port: at, ...config }) => redis({ ...client(at), ...config } as RedisConfig),
      });
      outages(`by ${name}`, {
        server: () => ownRedis(),
        bus: ({ port: at, ...config }) => redis({ ...client(at), ...config } as RedisConfig),
        cutOff: async (at) => {
          await ask(at, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
          await ask(at, 'CLIENT', 'KILL', 'TYPE', 'pubsub');
        },
      });
    }
});

describe('the settings of redis', () => {
  it('are looked at', () => {
    expect(() => redis({ url: 'http://127.0.0.1' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    expect(() => redis({ url: 'redis://127.0.0.1', history: { length: 0 } })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
    const noOptions = { masters: [], duplicate: () => undefined, pSubscribe: true };
    for (const client of [{}, noOptions])
      expect(() => redis({ client: client as RedisClient })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
  });
});
