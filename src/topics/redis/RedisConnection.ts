/** What a channel is subscribed to as. */
export type RedisKind = 'channel' | 'pattern' | 'shard';

/** What one connection to Redis tells. */
export interface RedisEvents {
  ready(): void;
  /** Lost, or not reached; it goes on trying. */
  lost(error: unknown): void;
  /** It has given up. */
  fatal(error: unknown): void;
  message(kind: RedisKind, name: string, channel: string, payload: Uint8Array): void;
  /** It does not send these any more: their slots are of another node now. */
  moved(kind: RedisKind, names: readonly string[]): void;
}

/** One connection to Redis, by whichever client. Nothing waits in it while it is not there, and nothing is sent twice. */
export interface RedisConnection {
  start(events: RedisEvents): void;
  /** Replies have bytes for strings. */
  command(args: readonly (string | Uint8Array)[]): Promise<unknown>;
  subscribe(kind: RedisKind, names: readonly string[]): Promise<unknown>;
  unsubscribe(kind: RedisKind, name: string): void;
  close(): void;
}
