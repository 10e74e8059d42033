import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import type { Bus } from '../Bus.ts';
import type { HistoryConfig } from '../HistoryConfig.ts';
import { historyOf } from '../historyOf.ts';
import { RemoteBus } from '../remote/RemoteBus.ts';
import { isOfCluster, openLike, openRedis } from './openRedis.ts';
import type { RedisClient } from './RedisClient.ts';
import { RedisDriver } from './RedisDriver.ts';

/** Which Redis, and how it is used. */
export type RedisConfig = RedisSettings &
  (
    | {
        /** `redis://` or `rediss://`, with user, password and database. Needs `@redis/client` or `ioredis` beside this library. */
        url: string;
      }
    | {
        /**
         * Of `@redis/client`, `redis` or `ioredis`: connections with its options are made, and ended. It is not used itself. One
         * of a cluster (`createCluster`, `Cluster`) or of Sentinels (`createSentinel`, `sentinels` of `ioredis`) too. To those of
         * `createCluster` and `createSentinel` `@redis/client` is needed beside this library, also where they are of `redis`.
         */
        client: RedisClient;
      }
  );

/** How Redis is used. */
export interface RedisSettings {
  /** Before all names of channels and keys. Default `rxjs-ws:`. */
  prefix?: string;
  /**
   * Sharded publish/subscribe (Redis 7): in a cluster each topic is of one node, so that more nodes carry more. It has no patterns.
   * Default false.
   */
  sharded?: boolean;
  /** Keeps the newest messages of each topic in a stream, so that nobody misses any who comes back in time. Default: none. */
  history?: HistoryConfig | boolean;
  /** What may wait for Redis, in bytes; beyond it `publish` takes nothing. Default 8 MiB. */
  maxPendingBytes?: number;
  /** How long, in milliseconds, it stays connected when nobody listens or publishes. Default 1 s. */
  idleMs?: number;
}

/**
 * Topics over Redis 6.2 or newer (7 where it is `sharded`). It connects with the first subscriber or message, and ends
 * when nobody has needed it for `idleMs`, so that the process can exit. A topic is one subscription for each node: `room:lobby` the channel `rxjs-ws:room:lobby`,
 * its history the key `rxjs-ws:history:room:lobby`.
 *
 * While Redis is not reached `publish` answers false, what is on its way fails, and `state` is `lost`. When it is back everything
 * is subscribed to again; what was missed is read from the history, or told as a gap. One that answers nothing for 10 to 20 s is
 * not reached.
 *
 * In a Redis Cluster it has one connection to each master, which publishes a topic at the node of its slot, and one that listens to
 * any of them; two to each where it is `sharded`. It is lost while one of these is not reached, or the cluster says that it is down. All see
 * one order in each topic, and none between two. A topic whose slot moves to another node goes on there: what is published meanwhile arrives;
 * where it is `sharded`, what was missed is read from the history, or a gap of that topic. Where it is not, nodes pass on what they are told: while
 * a slot moves two messages may come in either order, and what a node had not passed on when it died is lost, and told as a gap.
 *
 * **Holds** what waits for Redis, at most `maxPendingBytes`.
 *
 * @example
 * const rooms = topics({ codec, bus: redis({ url: 'redis://127.0.0.1', history: { length: 100 } }) });
 */
export function redis(config: RedisConfig): Bus {
  const { prefix = 'rxjs-ws:', sharded: isSharded = false, maxPendingBytes, idleMs } = config;
  const history = historyOf(config.history);
  if ('url' in config && !/^rediss?:\/\//.test(config.url))
    throw new InvalidArgumentError('the URL of a Redis begins with redis: or rediss:');
  const open =
    'client' in config
      ? openLike(config.client, isSharded)
      : (): ReturnType<typeof openRedis> => openRedis(config.url);
  const isRelayed = 'client' in config && !isSharded && isOfCluster(config.client);
  const driver = (): RedisDriver => new RedisDriver({ open, prefix, isSharded, history, isRelayed });
  return new RemoteBus({ driver, hasHistory: history !== undefined, maxPendingBytes, idleMs });
}
