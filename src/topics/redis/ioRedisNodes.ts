import { askCluster, checkMember } from './askedNodes.ts';
import { placeOf } from './Layout.ts';
import { overIoRedis } from './overIoRedis.ts';
import type { OpenIoRedis } from './RedisClient.ts';
import type { RedisConnection } from './RedisConnection.ts';
import type { RedisNodes } from './RedisNodes.ts';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** What is used of a `Cluster` of `ioredis`. */
export interface IoRedisCluster {
  readonly options: {
    readonly redisOptions?: object | undefined;
    readonly natMap?: Readonly<Record<string, Place>> | ((address: string) => Place | null) | undefined;
  };
  /** Its startup nodes, with their hosts looked up as it was told. */
  resolveStartupNodeHostnames(): Promise<readonly Place[]>;
}

type Create = (options: object) => OpenIoRedis;

/** Nothing waits in it, nothing is sent twice, and when it is lost another is made. */
const ONCE = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  retryStrategy: null,
  readOnly: false,
  // A key would be of another slot than its channel.
  keyPrefix: '',
};

/** The nodes of a `Cluster` of `ioredis`. */
export function ioRedisNodes(cluster: IoRedisCluster, create: Create): RedisNodes {
  const { redisOptions, natMap } = cluster.options;
  /** Those that were named may have a password of their own. */
  const named = new Map<string, Place>();
  const open = (place: Place): RedisConnection =>
    overIoRedis(create({ ...redisOptions, ...named.get(`${place.host}:${place.port}`), ...place, ...ONCE }));
  return {
    seeds: async () => {
      const places = await cluster.resolveStartupNodeHostnames();
      for (const place of places) named.set(`${place.host}:${place.port}`, place);
      return places.map((place) => ({ host: place.host, open: () => open(place) }));
    },
    at: (host, port) => {
      const address = `${host}:${port}`;
      const mapped = typeof natMap === 'function' ? natMap(address) : natMap?.[address];
      return open(mapped ?? placeOf(address));
    },
    ask: askCluster,
    check: checkMember,
    areAsked: true,
  };
}
