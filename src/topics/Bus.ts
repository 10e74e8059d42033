import type { Observable, ObservableInput, Unsubscribable } from 'rxjs';
import type { Data } from '../core/Data.ts';
import type { Prepared } from '../core/Prepared.ts';
import type { TopicPattern } from './TopicPattern.ts';

/**
 * Where a bus is: `idle` while nobody needs it, `lost` while its server is not reached, `closed` for good.
 */
export type BusState = 'idle' | 'connecting' | 'open' | 'lost' | 'closed';

/** Who gets the messages of one subscription of a bus. */
export interface BusSink {
  /** `content` is the payload, or the message itself where it never left this process. */
  message(topic: string, content: Data | Prepared<unknown>, id: string | undefined): void;
  /** From here on something may be missed, until it is `ready` again. */
  lost(): void;
  /** From here on nothing is missed. `awayMs` tells how long the subscription did not stand before, undefined the first time. */
  ready(awayMs: number | undefined): void;
  /** The bus refuses the subscription. Nothing follows. */
  failed(error: unknown): void;
  /** A payload came that is not ours. */
  foreign(topic: string, error: unknown): void;
}

/** A part of the history of a topic. */
export interface HistoryPage {
  /** Messages between this part and what was asked for are not there any more, or it is unknown whether there were any. */
  readonly gap: boolean;
  readonly messages: readonly { readonly id: string; readonly content: Data | Prepared<unknown> }[];
  /** Where this part ends: the id of its last message; without messages, where the topic stands. */
  readonly last: string;
  /** More follow. */
  readonly more: boolean;
}

/** What carries messages between the processes of a service; `memory()`, `redis(…)` and `nats(…)` are some. */
export interface Bus {
  /** Where it is; the present state first. */
  readonly state: Observable<BusState>;
  /** Whether it keeps up: false while half of what may wait for it waits. */
  readonly writable: Observable<boolean>;
  /**
   * Takes a message; false: not taken. `encode` makes the payload, and is told the id where the bus knows it by then. What
   * becomes of it later goes to `failed`, at most once, and for a message that is not taken too.
   */
  publish(
    topic: string,
    encode: (id?: string) => Prepared<unknown>,
    failed: (error: unknown, topic: string) => void,
  ): boolean;
  /** Subscribes; each of `sink`'s functions is called in a later turn, or from `publish`. */
  subscribe(target: string | TopicPattern, sink: BusSink): Unsubscribable;
  /**
   * The messages of a topic behind the id `after`; `'0'`: from the beginning of what is kept; undefined: none, only where it
   * stands. Undefined on a bus without history.
   */
  readonly read: ((topic: string, after: string | undefined) => ObservableInput<HistoryPage>) | undefined;
  /** Ends all connections that it made, now. Without it they end when nobody has needed them for a while. */
  close(): Promise<void>;
}
