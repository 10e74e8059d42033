import { BusError } from '../../core/BusError.ts';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { isMissing, optional } from '../remote/optional.ts';
import { type IoRedisCluster, ioRedisNodes } from './ioRedisNodes.ts';
import { IO_REDIS } from './ioRedisOptions.ts';
import { nodeRedisNodes } from './nodeRedisNodes.ts';
import { delayMs } from './delayMs.ts';
import { overIoRedis } from './overIoRedis.ts';
import { overNodeRedis } from './overNodeRedis.ts';
import type { OpenIoRedis, OpenNodeRedis, RedisClient } from './RedisClient.ts';
import { RedisCluster } from './RedisCluster.ts';
import type { RedisConnection } from './RedisConnection.ts';
import type { RedisNodes } from './RedisNodes.ts';
import { Whereabouts } from './Whereabouts.ts';

/** Two connections: one publishes, the other listens. */
export type RedisPair = readonly [publisher: RedisConnection, subscriber: RedisConnection];

interface Duplicable {
  readonly options?: { readonly commandOptions?: object | undefined } | undefined;
  duplicate(overrides: object): unknown;
}

/** Its own limit of 5 s is a timer for each command, half of what publishing costs, and tells only of what is not written yet. */
const UNTIMED = { timeout: 0 };
const NODE_REDIS = { disableOfflineQueue: true, commandOptions: UNTIMED };

/** How connections like `client` are opened. Refuses what is no client, before the first message does. */
export function openLike(client: RedisClient, isSharded: boolean): () => Promise<RedisPair> {
  const load = nodesOf(client);
  if (load !== undefined) {
    const known = new Set<string>();
    return async () => membersOf(await load(), known, isSharded);
  }
  if (!('duplicate' in client && ('pSubscribe' in client || 'psubscribe' in client)))
    throw new InvalidArgumentError(
      'redis({ client }) takes what createClient, createCluster or createSentinel of @redis/client, or new Redis or new Cluster of ioredis makes',
    );
  return () => new Promise((opened) => opened(duplicatesOf(client)));
}

/** Whether `client` is of many nodes, each of which passes on what it is told. */
export function isOfCluster(client: RedisClient): boolean {
  return 'masters' in client || ('isCluster' in client && client.isCluster === true);
}

/** The nodes of what has many; undefined for a client of one Redis. */
function nodesOf(client: RedisClient): (() => Promise<RedisNodes>) | undefined {
  if ('masters' in client || 'getSentinelNode' in client) {
    const nodes = nodeRedisNodes(client);
    return async () => {
      const { createClient } = await optional(
        () => import('@redis/client'),
        'redis({ client }) of createCluster or createSentinel needs @redis/client beside it: npm install @redis/client',
      );
      return nodes((options) => createClient(options) as unknown as OpenNodeRedis);
    };
  }
  if (!isOfCluster(client)) return undefined;
  return async () => {
    const { Redis } = await optional(
      () => import('ioredis'),
      'redis({ client }) of a Cluster needs ioredis beside it: npm install ioredis',
    );
    const create = (options: object): OpenIoRedis => new Redis(options) as unknown as OpenIoRedis;
    return ioRedisNodes(client as unknown as IoRedisCluster, create);
  };
}

/** Each topic is published at the node that has its slot, so that all see one order. What is not sharded is heard at any. */
function membersOf(nodes: RedisNodes, known: Set<string>, isSharded: boolean): RedisPair {
  const where = new Whereabouts(nodes, known);
  return [
    new RedisCluster({ nodes, where, isWhole: true }),
    new RedisCluster({ nodes, where, isWhole: isSharded }),
  ];
}

/** Two connections like `client`. */
export function duplicatesOf(client: RedisClient): RedisPair {
  const made = client as unknown as Duplicable;
  // One that was chosen stays.
  const commandOptions = { ...UNTIMED, ...made.options?.commandOptions };
  const one = (): RedisConnection =>
    'pSubscribe' in client
      ? overNodeRedis(made.duplicate({ ...NODE_REDIS, commandOptions }) as OpenNodeRedis)
      : overIoRedis(made.duplicate(IO_REDIS) as OpenIoRedis);
  return [one(), one()];
}

/** Two connections to `url`, by whichever client is installed. */
export async function openRedis(url: string): Promise<RedisPair> {
  let cause: unknown;
  try {
    const { createClient } = await import('@redis/client');
    const options = { ...NODE_REDIS, url, socket: { reconnectStrategy: delayMs } };
    const one = (): RedisConnection => overNodeRedis(createClient(options) as unknown as OpenNodeRedis);
    return [one(), one()];
  } catch (error) {
    if (!isMissing(error)) throw error;
    cause = error;
  }
  try {
    const { Redis } = await import('ioredis');
    const options = { ...IO_REDIS, retryStrategy: delayMs };
    const one = (): RedisConnection => overIoRedis(new Redis(url, options) as unknown as OpenIoRedis);
    return [one(), one()];
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new BusError('redis({ url }) needs a client beside it: npm install @redis/client (or ioredis)', {
    cause,
  });
}
