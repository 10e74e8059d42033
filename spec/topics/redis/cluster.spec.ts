import { afterAll, describe } from '@jest/globals';
import { redis, type RedisConfig } from '../../../src/topics/redis/redis.ts';
import { ask } from '../ask.ts';
import { Cluster } from '../Cluster.ts';
import { busContract } from '../remote/contract.ts';
import { clusterClients } from './clusterClients.ts';

const cluster = new Cluster();
const isThere = await cluster.start();

afterAll(() => cluster[Symbol.asyncDispose]());

(isThere ? describe : describe.skip)('redis, in a cluster', () => {
  for (const [name, client] of Object.entries(clusterClients))
    for (const sharded of [false, true]) {
      const channel = (prefix: string, topic: string): string => prefix + (sharded ? `{${topic}}` : topic);
      busContract(`by ${name}${sharded ? ', sharded' : ''}`, {
        bus: (config) => redis({ client: client(cluster.ports.slice(1)), sharded, ...config } as RedisConfig),
        subscriptionsOf: async (prefix, topic) => {
          let sum = 0;
          for (const port of cluster.ports) {
            const command = sharded ? 'SHARDNUMSUB' : 'NUMSUB';
            const [, count] = (await ask(port, 'PUBSUB', command, channel(prefix, topic))) as [
              string,
              number,
            ];
            sum += Number(count);
          }
          return sum;
        },
        publishForeign: async (prefix, topic, payload) => {
          const name = channel(prefix, topic);
          const owner = cluster.ports[await cluster.ownerOf(await cluster.slotOf(name))]!;
          return ask(owner, sharded ? 'SPUBLISH' : 'PUBLISH', name, payload);
        },
        hasPatterns: !sharded,
        isSpread: true,
      });
    }
});
