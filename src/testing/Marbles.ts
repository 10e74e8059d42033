import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { Connection } from '../connection/Connection.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Attempt } from './attempts.ts';
import type { Codec } from '../core/Codec.ts';
import type { Data } from '../core/Data.ts';
import type { Upgrade } from '../server/Upgrade.ts';
import type { MarbleUpgradeConfig } from './MarbleUpgradeConfig.ts';
import type { MarbleConnectionConfig } from './MarbleConnectionConfig.ts';
import type { Anything } from './Anything.ts';

/**
 * What a marble test is written with: all that RxJS's `TestScheduler.run` gives, and connections. Values are given for all
 * letters of a diagram, or for none.
 */
export interface Marbles extends RunHelpers {
  /**
   * A real connection whose peer is a diagram: a letter is a message, `|` a clean close (1000, or `config.close`), `#` a loss,
   * silence is silence, and a group is one chunk. It starts when the connection is handed over: with the first member
   * that anybody asks for. In one frame, what you do comes before what the network does.
   *
   *     connection('--a-b-|', { a: 'ab', b: { some: 'value' } })
   *
   * Values are what the codec makes of what arrives. With `config.codec` a text or bytes are what is on the wire,
   * and go through it. `config.writable` is a second diagram: `f`, the peer stops to read; `t`, it goes on.
   */
  connection<In, Context = undefined>(
    incoming: string,
    values: Readonly<Record<string, In | Data>> | undefined,
    config: MarbleConnectionConfig<In, Anything, Context> & { codec: Codec<In, Anything> },
  ): Connection<In, unknown, Context>;
  connection<In = string, Context = undefined>(
    incoming: string,
    values?: Readonly<Record<string, In>>,
    config?: MarbleConnectionConfig<In, Anything, Context>,
  ): Connection<In, unknown, Context>;
  /**
   * A request that asks to become a connection, for `accept`, whose client is a diagram: what it sends, from its arrival on,
   * and after `|` or `#` it has left. The connection that `accept` makes of it is real, with the config of `accept`.
   *
   *     hot('-u', { u: upgrade('--a|', {}, { url: 'ws://localhost/chat' }) }).pipe(accept(decide), handle(chat))
   */
  upgrade(
    incoming: string,
    values?: Readonly<Record<string, unknown>>,
    config?: MarbleUpgradeConfig,
  ): Upgrade;
  /**
   * Stands for `connect(…)`: each subscription is a dial, which comes to the next of the list: a connection, whose life the
   * subscription then is; an error; or one of them in time, `cold('5s #', {}, error)`. One dial too many fails the test.
   */
  attempts<In>(list: readonly Attempt<In>[]): Observable<Connection<In, unknown, undefined>>;
  /** The messages that leave, when they leave. Without a value a letter stands for itself. */
  expectSent(played: Played): Expected<Readonly<Record<string, unknown>>>;
  /** When it ended, by any letter, and how: the fields of `info` that are given are compared. */
  expectClosed(played: Played): Expected<Partial<CloseInfo>>;
  /**
   * `f` when it was held, `t` when it was read on; begins with what it was when it was handed over. What was received may be
   * held longer than the connection is open.
   */
  expectReading(played: Played): { toBe(marbles: string): void };
  /** What was thrown away, as `dropped` tells it. */
  expectDropped(played: Played): Expected<Readonly<Record<string, unknown>>>;
  /** The pings that leave, by any letter; with `payloads` the text in each. */
  expectPinged(played: Played): Expected<Readonly<Record<string, string>>>;
  /** When an upgrade was answered, by any letter, and how: the fields that are given are compared. */
  expectAnswered(upgrade: Upgrade): Expected<Partial<MarbleAnswer>>;
  /** When `attempts(…)` was dialled, by any letter. */
  expectDialled(attempts: Observable<unknown>): { toBe(marbles: string): void };
}

/** What `connection(…)` gave; or `upgrade(…)`, for the connection that is made of it. */
export type Played = Connection<unknown, never> | Upgrade;

/** The answer to an upgrade: 101, or a refusal. */
export interface MarbleAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string;
  readonly body: string;
}

/** What comes behind `expectSent(…)` and the like. A value may be a matcher of a framework: `expect.objectContaining(…)`. */
export interface Expected<Values> {
  toBe(marbles: string, values?: Values): void;
}
