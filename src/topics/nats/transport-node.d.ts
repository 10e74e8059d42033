// What is used of `@nats-io/transport-node`. Its own declarations do not pass `exactOptionalPropertyTypes`.
export interface NatsConnection {
  readonly info?: { readonly max_payload: number } | undefined;
  readonly options?: { readonly inboxPrefix?: string | undefined } | undefined;
  publish(subject: string, payload?: string | Uint8Array, options?: { reply?: string }): void;
  subscribe(
    subject: string,
    options: {
      callback: (
        error: Error | null,
        message: {
          subject: string;
          data: Uint8Array;
          headers?: { readonly code: number; get(name: string): string } | undefined;
        },
      ) => void;
    },
  ): { unsubscribe(): void };
  flush(): Promise<void>;
  status(): AsyncIterable<{ type: string; error?: unknown }>;
  closed(): Promise<unknown>;
  isClosed(): boolean;
  close(): Promise<void>;
}
export function connect(options: {
  servers: string;
  user?: string;
  pass?: string;
  token?: string;
  maxReconnectAttempts?: number;
  reconnectTimeWait?: number;
  pingInterval?: number;
  maxPingOut?: number;
}): Promise<NatsConnection>;
