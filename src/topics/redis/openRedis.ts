import { BusError } from '../../core/BusError.ts';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { isMissing } from '../remote/optional.ts';
import { overIoRedis } from './overIoRedis.ts';
import { overNodeRedis } from './overNodeRedis.ts';
import type { OpenIoRedis, OpenNodeRedis, RedisClient } from './RedisClient.ts';
import type { RedisConnection } from './RedisConnection.ts';

interface Duplicable {
  readonly options?: { readonly commandOptions?: object | undefined } | undefined;
  duplicate(overrides: object): unknown;
}

/** Beyond two seconds nobody waits between two attempts. */
const delayMs = (attempts: number): number => Math.min(50 * 2 ** Math.min(attempts, 6), 2_000);

/** Its own limit of 5 s is a timer for each command, half of what publishing costs, and tells only of what is not written yet. */
const UNTIMED = { timeout: 0 };
const NODE_REDIS = { disableOfflineQueue: true, commandOptions: UNTIMED };
/** What was on its way when the connection was lost is told to have failed: sent again it could come twice. */
const IO_REDIS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
};

/** Refuses what is no client of one Redis, before the first message does. */
export function requireSingle(client: RedisClient): void {
  const isOfCluster = 'masters' in client || ('isCluster' in client && client.isCluster === true);
  if (isOfCluster || 'getSentinelNode' in client)
    throw new InvalidArgumentError(
      'redis({ client }) takes a client of one Redis, and not createCluster, createSentinel or Cluster: in a cluster take a client of one of its nodes, without history',
    );
  if (!('duplicate' in client && ('pSubscribe' in client || 'psubscribe' in client)))
    throw new InvalidArgumentError(
      'redis({ client }) takes what createClient of @redis/client, or new Redis of ioredis makes',
    );
}

/** Two connections like `client`. */
export function duplicatesOf(client: RedisClient): readonly [RedisConnection, RedisConnection] {
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
export async function openRedis(url: string): Promise<readonly [RedisConnection, RedisConnection]> {
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
