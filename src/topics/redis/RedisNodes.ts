import type { Address, Layout } from './Layout.ts';
import type { RedisConnection } from './RedisConnection.ts';

/** Whom to ask where the nodes are. */
export interface Seed {
  readonly host: string;
  open(): RedisConnection;
}

/** The nodes of a cluster, or of what a Sentinel watches. A connection to one has one attempt: when it is lost it is over. */
export interface RedisNodes {
  /** Those that the user has named. */
  seeds(): Promise<readonly Seed[]>;
  /** One that was found, as the others know it. */
  at(address: Address): RedisConnection;
  /** Asks where they are; `host` is who is asked. */
  ask(connection: RedisConnection, host: string): Promise<Layout>;
  /** Whether a node that is connected to may be used: else rejects. */
  check(connection: RedisConnection): Promise<void>;
  /** Whether each of them knows where the others are. */
  readonly areAsked: boolean;
}
