type Listener = (...told: never[]) => void;
type OnMessage = (payload: Uint8Array, channel: Uint8Array) => void;

/** What is used of a client of `@redis/client` (`redis`). Connections of its kind are made of it; it is not used itself. */
export interface NodeRedisClient {
  duplicate(overrides?: never): unknown;
  pSubscribe: unknown;
}

/** What is used of a client of `ioredis`. Connections of its kind are made of it; it is not used itself. */
export interface IoRedisClient {
  duplicate(overrides?: never): unknown;
  psubscribe: unknown;
}

/** A client of either kind. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** @internal A connection of `@redis/client`. */
export interface OpenNodeRedis {
  on(event: string, listener: Listener): unknown;
  connect(): Promise<unknown>;
  sendCommand(args: (string | Uint8Array)[]): Promise<unknown>;
  withTypeMapping(mapping: object): OpenNodeRedis;
  subscribe(names: string[], listener: OnMessage, buffers: true): Promise<unknown>;
  pSubscribe(names: string[], listener: OnMessage, buffers: true): Promise<unknown>;
  sSubscribe(names: string[], listener: OnMessage, buffers: true): Promise<unknown>;
  unsubscribe(name: string, listener: OnMessage, buffers: true): Promise<unknown>;
  pUnsubscribe(name: string, listener: OnMessage, buffers: true): Promise<unknown>;
  sUnsubscribe(name: string, listener: OnMessage, buffers: true): Promise<unknown>;
  destroy(): void;
}

/** @internal A connection of `ioredis`. */
export interface OpenIoRedis {
  readonly status?: string;
  readonly stream?: { cork?(): void; uncork?(): void } | undefined;
  /** What its connection has been told. */
  readonly condition?:
    { readonly subscriber: false | { channels(kind: 'ssubscribe'): string[] } } | undefined;
  on(event: string, listener: Listener): unknown;
  connect(): Promise<unknown>;
  callBuffer(command: string, ...args: (string | Uint8Array)[]): Promise<unknown>;
  subscribe(...names: string[]): Promise<unknown>;
  psubscribe(...names: string[]): Promise<unknown>;
  ssubscribe(...names: string[]): Promise<unknown>;
  unsubscribe(name: string): Promise<unknown>;
  punsubscribe(name: string): Promise<unknown>;
  sunsubscribe(name: string): Promise<unknown>;
  disconnect(): void;
}
