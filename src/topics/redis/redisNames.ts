/** How topics are named in Redis. */
export interface RedisNames {
  channel(topic: string): string;
  /** The topic of a channel. */
  topic(channel: string): string;
  pattern(pattern: string): string;
  history(topic: string): string;
}

/** An empty hash tag is none. */
const EMPTY = '%';

/**
 * Names under `prefix`. What is sharded has the topic as its hash tag, so that channel and history are of one slot; there, braces
 * and percent signs are written as in a URL.
 */
export function redisNames(prefix: string, isSharded: boolean): RedisNames {
  const tag = (topic: string): string =>
    isSharded ? `{${topic.replace(/[%{}]/g, encodeURIComponent) || EMPTY}}` : topic;
  return {
    channel: (topic) => prefix + tag(topic),
    topic: (channel) => {
      const rest = channel.slice(prefix.length);
      if (!isSharded) return rest;
      const encoded = rest.slice(1, -1);
      return encoded === EMPTY ? '' : encoded.replace(/%(25|7B|7D)/g, decodeURIComponent);
    },
    // All that Redis takes for more than itself, but the star.
    pattern: (pattern) => `${prefix.replace(/[\\*?[\]^]/g, '\\$&')}${pattern.replace(/[\\?[\]^]/g, '\\$&')}`,
    history: (topic) => `${prefix}history:${tag(topic)}`,
  };
}
