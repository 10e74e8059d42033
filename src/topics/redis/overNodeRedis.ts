import { Buffer } from 'node:buffer';
import type { OpenNodeRedis } from './RedisClient.ts';
import type { RedisConnection, RedisEvents, RedisKind } from './RedisConnection.ts';

/** Blob strings of the protocol, `$`, as Buffers. */
const BUFFERS = { 36: Buffer };

type Listener = (payload: Uint8Array, channel: Uint8Array) => void;

/** A connection of `@redis/client`. It renews its subscriptions before it says that it is ready. */
export function overNodeRedis(client: OpenNodeRedis): RedisConnection {
  const bytes = client.withTypeMapping(BUFFERS);
  const quiet = (): undefined => undefined;
  // One listener each: the client knows by it what is subscribed to already.
  let told: RedisEvents | undefined;
  const channels = listener('channel');
  const shards = listener('shard');
  const patterns = new Map<string, Listener>();
  function listener(kind: RedisKind, pattern?: string): Listener {
    return (payload, channel) => {
      const name = String(channel);
      told?.message(kind, pattern ?? name, name, payload);
    };
  }
  const patternListener = (name: string): Listener => {
    const made = patterns.get(name) ?? listener('pattern', name);
    patterns.set(name, made);
    return made;
  };
  return {
    start: (events) => {
      told = events;
      let lastError: unknown;
      client.on('error', (error: unknown) => {
        lastError = error;
        events.lost(error);
      });
      client.on('ready', () => events.ready());
      client.on('terminated', () => events.fatal(lastError));
      client.connect().catch((error: unknown) => events.fatal(error));
    },
    command: (args) => bytes.sendCommand([...args]),
    subscribe: (kind, names) => {
      if (kind === 'channel') return client.subscribe([...names], channels, true);
      if (kind === 'shard') return Promise.all(names.map((name) => client.sSubscribe([name], shards, true)));
      return Promise.all(names.map((name) => client.pSubscribe([name], patternListener(name), true)));
    },
    unsubscribe: (kind, name) => {
      // Where the connection is lost meanwhile nobody wants it afterwards either.
      if (kind === 'channel') client.unsubscribe(name).catch(quiet);
      else if (kind === 'shard') client.sUnsubscribe(name).catch(quiet);
      else {
        patterns.delete(name);
        client.pUnsubscribe(name).catch(quiet);
      }
    },
    close: () => {
      told = undefined;
      client.destroy();
    },
  };
}
