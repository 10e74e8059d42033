import { Buffer } from 'node:buffer';
import type { OpenNodeRedis } from './RedisClient.ts';
import type { RedisConnection, RedisEvents, RedisKind } from './RedisConnection.ts';

/** Blob strings of the protocol, `$`, as Buffers. */
const BUFFERS = { 36: Buffer };

type Listener = (payload: Uint8Array, channel: Uint8Array) => void;

/**
 * A connection of `@redis/client`. It renews its subscriptions before it says that it is ready: also those that it was told to end
 * while it was lost, or whose end was on its way.
 */
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
  // The client forgets a socket that it is just opening when it is destroyed: it is, once that is open.
  let isOpening = false;
  let isWanted = true;
  const opening = (now: boolean): void => {
    isOpening = now;
    if (isWanted || isOpening) return;
    isWanted = true;
    try {
      client.destroy();
    } catch {
      // It has ended by itself.
    }
  };
  /** What was not answered yet. */
  const leaving = new Map<string, () => void>();
  const leave = (kind: RedisKind, name: string): void => {
    const listener = kind === 'pattern' ? patternListener(name) : kind === 'shard' ? shards : channels;
    const key = `${kind} ${name}`;
    const again = (): void => {
      // By its listener: else the client takes who comes again before the answer for subscribed, and it is not.
      const left =
        kind === 'channel'
          ? client.unsubscribe(name, listener, true)
          : kind === 'shard'
            ? client.sUnsubscribe(name, listener, true)
            : client.pUnsubscribe(name, listener, true);
      left.then(() => {
        if (leaving.get(key) !== again) return;
        leaving.delete(key);
        if (kind === 'pattern') patterns.delete(name);
      }, quiet);
    };
    leaving.set(key, again);
    again();
  };
  return {
    start: (events) => {
      told = events;
      let lastError: unknown;
      client.on('connect', () => opening(false));
      client.on('reconnecting', () => opening(true));
      client.on('error', (error: unknown) => {
        opening(false);
        lastError = error;
        events.lost(error);
      });
      client.on('ready', () => {
        for (const again of [...leaving.values()]) again();
        events.ready();
      });
      client.on('sharded-channel-moved', (name: string) => events.moved('shard', [name]));
      client.on('terminated', () =>
        events.fatal(lastError ?? new Error('the connection was lost, and its client does not try again')),
      );
      isOpening = true;
      client.connect().catch((error: unknown) => events.fatal(error));
    },
    command: (args) => bytes.sendCommand([...args]),
    subscribe: (kind, names) => {
      for (const name of names) leaving.delete(`${kind} ${name}`);
      if (kind === 'channel') return client.subscribe([...names], channels, true);
      if (kind === 'shard') return Promise.all(names.map((name) => client.sSubscribe([name], shards, true)));
      return Promise.all(names.map((name) => client.pSubscribe([name], patternListener(name), true)));
    },
    unsubscribe: leave,
    close: () => {
      told = undefined;
      isWanted = false;
      opening(isOpening);
    },
  };
}
