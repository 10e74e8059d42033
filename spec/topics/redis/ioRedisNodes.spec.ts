import { expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { type IoRedisCluster, ioRedisNodes } from '../../../src/topics/redis/ioRedisNodes.ts';
import type { OpenIoRedis } from '../../../src/topics/redis/RedisClient.ts';
import { fakeRedis } from './FakeRedis.ts';

it('opens the nodes of a cluster as its client would', async () => {
  const cluster = new Cluster(['redis://:own@127.0.0.1:1', { port: 2 }], {
    lazyConnect: true,
    redisOptions: { password: 'secret', keyPrefix: 'app:' },
    natMap: (address: string) => (address === 'inner:1' ? { host: 'outer', port: 3 } : null),
  });
  const options: object[] = [];
  const nodes = ioRedisNodes(cluster as unknown as IoRedisCluster, (each) => {
    options.push(each);
    return fakeRedis().client as unknown as OpenIoRedis;
  });
  for (const { open } of await nodes.seeds()) open();
  nodes.at('127.0.0.1:1');
  nodes.at('inner:1');
  const once = { keyPrefix: '', retryStrategy: null, enableOfflineQueue: false };
  expect(options).toMatchObject([
    { host: '127.0.0.1', port: 1, password: 'own', ...once },
    { host: '127.0.0.1', port: 2, password: 'secret', ...once },
    { host: '127.0.0.1', port: 1, password: 'own', ...once },
    { host: 'outer', port: 3, password: 'secret', ...once },
  ]);
});
