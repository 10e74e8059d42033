import { expect, it } from '@jest/globals';
import { createCluster, createSentinel } from '@redis/client';
import { nodeRedisNodes } from '../../../src/topics/redis/nodeRedisNodes.ts';
import type { OpenNodeRedis } from '../../../src/topics/redis/RedisClient.ts';
import { fakeRedis } from './FakeRedis.ts';

const made = (client: object) => {
  const options: object[] = [];
  const nodes = nodeRedisNodes(client)((each) => {
    options.push(each);
    return fakeRedis().client as unknown as OpenNodeRedis;
  });
  return { nodes, options };
};

it('opens the nodes of a cluster as its client would', async () => {
  const { nodes, options } = made(
    createCluster({
      rootNodes: [{ url: 'redis://root:1' }, { socket: { host: 'other', port: 2 } }],
      defaults: { password: 'secret', socket: { connectTimeout: 9 } },
      nodeAddressMap: { 'inner:1': { host: 'outer', port: 3 } },
    }),
  );
  const seeds = await nodes.seeds();
  expect(seeds.map(({ host }) => host)).toEqual(['root', 'other']);
  for (const { open } of seeds) open();
  nodes.at('inner:1');
  nodes.at('else:4');
  const socket = { connectTimeout: 9, reconnectStrategy: false };
  expect(options).toMatchObject([
    { url: 'redis://root:1', password: 'secret', socket },
    { password: 'secret', socket: { ...socket, host: 'other', port: 2 } },
    { password: 'secret', socket: { ...socket, host: 'outer', port: 3 }, disableOfflineQueue: true },
    { socket: { host: 'else', port: 4 } },
  ]);
});

it('opens a Sentinel and its master as its client would', async () => {
  const { nodes, options } = made(
    createSentinel({
      name: 'main',
      sentinelRootNodes: [{ host: 'watch', port: 1 }],
      sentinelClientOptions: { password: 'one' },
      nodeClientOptions: { password: 'two' },
    }),
  );
  const [seed] = await nodes.seeds();
  seed!.open();
  nodes.at('master:2');
  expect(options).toMatchObject([
    { password: 'one', socket: { host: 'watch', port: 1 } },
    { password: 'two', socket: { host: 'master', port: 2 } },
  ]);
});

it('refuses what does not show what it was made with', () => {
  expect(() => nodeRedisNodes({})).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
