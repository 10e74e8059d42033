import { askCluster, checkMember } from './askedNodes.ts';
import { IO_REDIS } from './ioRedisOptions.ts';
import { type Place, type PlaceMap, placeOf } from './Layout.ts';
import { overIoRedis } from './overIoRedis.ts';
import type { OpenIoRedis } from './RedisClient.ts';
import type { RedisConnection } from './RedisConnection.ts';
import type { RedisNodes } from './RedisNodes.ts';

/** What is used of a `Cluster` of `ioredis`. */
export interface IoRedisCluster {
  readonly options: {
    readonly redisOptions?: object | undefined;
    readonly natMap?: PlaceMap;
  };
  /** Its startup nodes, with their hosts looked up as it was told. */
  resolveStartupNodeHostnames(): Promise<readonly Place[]>;
}

type Create = (options: object) => OpenIoRedis;

/** When it is lost another is made. */
const ONCE = { ...IO_REDIS, retryStrategy: null, readOnly: false };

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
    at: (address) => open(placeOf(address, natMap)),
    ask: askCluster,
    check: checkMember,
    areAsked: true,
  };
}
