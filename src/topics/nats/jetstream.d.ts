// What is used of `@nats-io/jetstream`. Its own declarations do not pass `exactOptionalPropertyTypes`.
import type { NatsConnection } from '@nats-io/transport-node';

export interface StreamInfo {
  readonly created: string;
  readonly config: { readonly name: string };
  readonly state: { readonly last_seq: number };
}
export interface StoredMessage {
  readonly seq: number;
  readonly subject: string;
}
export interface ConsumerMessage {
  readonly seq: number;
  readonly data: Uint8Array;
  readonly time: Date;
}
export interface JetStreamManager {
  readonly streams: {
    add(config: object): Promise<StreamInfo>;
    update(name: string, config: object): Promise<StreamInfo>;
    info(name: string): Promise<StreamInfo>;
    delete(name: string): Promise<boolean>;
    list(): AsyncIterable<StreamInfo>;
    getMessage(name: string, query: object): Promise<StoredMessage | null>;
  };
  readonly consumers: {
    add(stream: string, config: object): Promise<{ name: string; num_pending: number }>;
    delete(stream: string, name: string): Promise<boolean>;
  };
}
export interface JetStreamClient {
  publish(subject: string, payload: string | Uint8Array): Promise<unknown>;
  readonly consumers: {
    get(
      stream: string,
      name: string,
    ): Promise<{
      fetch(options: { max_messages: number; expires: number }): Promise<AsyncIterable<ConsumerMessage>>;
    }>;
  };
}
export function jetstream(connection: NatsConnection): JetStreamClient;
export function jetstreamManager(connection: NatsConnection): Promise<JetStreamManager>;
export declare const DeliverPolicy: { readonly StartSequence: string };
export declare const AckPolicy: { readonly None: string };
