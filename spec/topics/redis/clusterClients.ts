import { createCluster } from '@redis/client';
import { Cluster } from 'ioredis';
import type { RedisClient } from '../../../src/topics/redis/RedisClient.ts';

/** A client of a cluster, of either kind, that knows some of its nodes; it is not connected. */
export const clusterClients: Record<string, (ports: readonly number[]) => RedisClient> = {
  '@redis/client': (ports) =>
    createCluster({ rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })) }),
  ioredis: (ports) =>
    new Cluster(
      ports.map((port) => ({ port })),
      { lazyConnect: true },
    ),
};
