import type { TopicPattern } from '../TopicPattern.ts';
import type { Sized } from './envelope.ts';

/** Part of a history, as the server gives it. */
export interface DriverPage {
  readonly gap: boolean;
  readonly messages: readonly { readonly id: string; readonly payload: Uint8Array }[];
  readonly last: string;
  readonly more: boolean;
}

/** What a driver tells; none of it inside a call to the driver. */
export interface DriverEvents {
  /** It is connected, for the first time or again. */
  up(): void;
  /** It is not, and goes on trying. `missed`: what is subscribed to gets nothing meanwhile. */
  down(error: unknown, missed: boolean): void;
  /** It is connected, but this is not subscribed to any more: it has to be again. */
  missed(target: string | TopicPattern): void;
  /** It has given up. */
  fatal(error: unknown): void;
  message(target: string | TopicPattern, topic: string, payload: Uint8Array, id?: string): void;
}

/** The connection to one kind of server. All but `start`, `unsubscribe` and `close` are called only while it is up. */
export interface BusDriver {
  /** So many bytes of messages of one topic may go together; 0 where each has to go by itself. */
  readonly maxBatchBytes: number;
  start(events: DriverEvents): void;
  /** All together, and never a part of them. `answered`, once and later: the server has them, or has refused them. Or it throws. */
  publish(topic: string, messages: readonly Sized[], answered: (refusal?: unknown) => void): void;
  /** Resolves when all of them stand. What stands already stays as it is. */
  subscribe(targets: readonly (string | TopicPattern)[]): Promise<unknown>;
  unsubscribe(target: string | TopicPattern): void;
  read(topic: string, after: string | undefined): Promise<DriverPage>;
  close(): void;
}
