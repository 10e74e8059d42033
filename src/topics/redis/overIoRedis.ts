import { nodeClock } from '../../transports/ws/nodeClock.ts';
import type { OpenIoRedis } from './RedisClient.ts';
import type { RedisConnection } from './RedisConnection.ts';

/** A connection of `ioredis`, one that resends nothing by itself. */
export function overIoRedis(client: OpenIoRedis): RedisConnection {
  const quiet = (): undefined => undefined;
  let isCorked = false;
  /** Whether each of these stands. */
  const shards = new Map<string, boolean>();
  /** Those that it has no more, and those that it may have no more as soon as they stand. It does not say which. */
  const moved = (): readonly string[] => {
    const { subscriber } = client.condition ?? {};
    const still = new Set(subscriber ? subscriber.channels('ssubscribe') : []);
    const gone = [...shards.keys()].filter((name) => !still.has(name));
    for (const name of gone) if (shards.get(name)) shards.delete(name);
    return gone;
  };
  const shard = async (name: string): Promise<void> => {
    if (!shards.has(name)) shards.set(name, false);
    try {
      await client.ssubscribe(name);
    } catch (error) {
      shards.delete(name);
      throw error;
    }
    if (shards.has(name)) shards.set(name, true);
  };
  /** All commands of one turn leave in one system call: the client makes one for each. */
  const cork = (): void => {
    const { stream } = client;
    if (isCorked || stream?.cork === undefined) return;
    isCorked = true;
    stream.cork();
    nodeClock.later(() => {
      isCorked = false;
      stream.uncork?.();
    });
  };
  return {
    start: (events) => {
      let lastError: unknown;
      client.on('error', (error: unknown) => {
        lastError = error;
        events.lost(error);
      });
      client.on('close', () => events.lost(lastError ?? new Error('the connection was closed')));
      client.on('end', () => events.fatal(lastError ?? new Error('the connection has ended')));
      client.on('ready', () => events.ready());
      client.on('messageBuffer', (channel: Uint8Array, payload: Uint8Array) =>
        events.message('channel', String(channel), String(channel), payload),
      );
      client.on('pmessageBuffer', (pattern: Uint8Array | string, channel: Uint8Array, payload: Uint8Array) =>
        events.message('pattern', String(pattern), String(channel), payload),
      );
      client.on('smessageBuffer', (channel: Uint8Array, payload: Uint8Array) =>
        events.message('shard', String(channel), String(channel), payload),
      );
      client.on('moved', () => events.moved('shard', moved()));
      // It tells the same by `error`, and goes on.
      client.connect().catch(quiet);
    },
    command: ([name, ...args]) => {
      cork();
      return client.callBuffer(String(name), ...args);
    },
    subscribe: (kind, names) => {
      if (kind === 'channel') return client.subscribe(...names);
      if (kind === 'pattern') return client.psubscribe(...names);
      // In a cluster each may be of another slot.
      return Promise.all(names.map(shard));
    },
    unsubscribe: (kind, name) => {
      if (kind === 'channel') client.unsubscribe(name).catch(quiet);
      else if (kind === 'pattern') client.punsubscribe(name).catch(quiet);
      else {
        shards.delete(name);
        client.sunsubscribe(name).catch(quiet);
      }
    },
    close: () => {
      // Else it waits two seconds for the end of what has ended.
      if (client.status !== 'end') client.disconnect();
    },
  };
}
