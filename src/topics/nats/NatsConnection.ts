/** What is used of a connection of `@nats-io/transport-node`. It is not ended. */
export interface NatsConnection {
  readonly info?: { readonly max_payload: number } | undefined;
  readonly options?: { readonly inboxPrefix?: string | undefined } | undefined;
  publish(subject: string, payload?: string | Uint8Array, options?: { reply?: string }): void;
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: NatsMessage) => void },
  ): { unsubscribe(): void };
  flush(): Promise<void>;
  status(): AsyncIterable<{ type: string; error?: unknown }>;
  closed(): Promise<unknown>;
  isClosed(): boolean;
  close(): Promise<void>;
}

/** A message of NATS. */
export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: { readonly code: number; get(name: string): string } | undefined;
}
