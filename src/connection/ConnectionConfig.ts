import type { SchedulerLike } from 'rxjs';
import type { Counts } from '../core/Counts.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Codec } from '../core/Codec.ts';
import type { OnError } from '../core/ErrorReport.ts';
import type { Overflow } from '../core/Overflow.ts';
import type { KeepAliveConfig } from '../core/KeepAliveConfig.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { Connection } from './Connection.ts';
import type { Framing } from './Framing.ts';
import { messagesOnly } from './messagesOnly.ts';

/** What a connection is made with, on either end. Times are in milliseconds; `Infinity` turns a limit off. */
export interface ConnectionConfig<In, Out> {
  /** Default: text and bytes as they are. */
  codec?: Codec<In, Out>;
  /**
   * What becomes of a message that the codec cannot decode, or that is not of the shape its schema asks for. `'close'`, the
   * default: the connection is closed with 1007, with 1003 for text where bytes are expected or the other way round, or as a
   * `CloseError` says. `'skip'`: `onError` is told, and the next one follows. `'error'`: who reads `messages` then gets a
   * `DecodeError`, and has to handle it as any error of an Observable; the connection stays open, and what follows waits for the
   * next reader, so that `retry()` goes on behind it. In `handle` an error that is not handled closes as `'close'` does.
   * Either way `text`, `binary` and other connections are not concerned, and what only looks (`request`, `multiplex`) passes over it.
   */
  undecodable?: 'close' | 'skip' | 'error';
  /** The largest message that is received; a larger one closes with 1009. Default 1 MiB. */
  maxMessageBytes?: number;
  /** What is read before anybody asks for it; then the peer waits. Default 64 KiB. */
  readAheadBytes?: number;
  /** How long a message waits with no subscriber before the connection is closed with 1008. Default 30 s. */
  unreadTimeoutMs?: number;
  /** What `send` queues while the peer does not read; past it the connection is closed with 1013. Default 1 MiB. */
  maxQueuedBytes?: number;
  /** How many messages `send` queues; past it as past `maxQueuedBytes`. Default: no limit. */
  maxQueuedMessages?: number;
  /** What becomes of messages that the peer does not take in time. Default `'close'`: the connection is closed with 1013. */
  overflow?: Overflow<Out>;
  /** For how long a peer may read nothing at all while something waits for it; then 1013. Default 30 s. */
  stalledTimeoutMs?: number;
  /** Of the queue, how much may be inside the socket at a time. Default 64 KiB. */
  highWaterBytes?: number;
  /** A full connection is writable again when no more than this waits. Default 16 KiB. */
  lowWaterBytes?: number;
  /** How long a close waits for its flush and its answer before the socket is cut. Default 10 s. */
  closeTimeoutMs?: number;
  /** How long the output of `handle` may go on after a clean close. Default 1 s. */
  finishTimeoutMs?: number;
  /**
   * Pings a peer that has sent nothing for `intervalMs` (20 s), and counts it as lost where nothing at all comes for
   * `timeoutMs` more (20 s): 1006 by `'network'`, with a `KeepAliveError`. What is paused by a hold is waited for when it is
   * read on. Costs nothing for a message, and one timer for all. `false` turns it off. With a
   * `scheduler` only where it is asked for: virtual time would not end before the connection. In a page it does nothing: there the
   * browser answers pings, and the server has to send them.
   */
  keepAlive?: false | KeepAliveConfig;
  /**
   * Where time comes from: every limit above, `openMs` and the round trips of pings. A `VirtualTimeScheduler` lets a
   * test pass 30 s at once. Default: the clock of the machine, by timers that keep no process alive.
   */
  scheduler?: SchedulerLike;
  /**
   * Gets what a function of yours threw or rejected with (decide, codec, project, observers), and what it was called for.
   * Default: a process warning (in a page `reportError`) for all but a `CloseError`.
   */
  onError?: (error: unknown, where: Connection<NoInfer<In>, NoInfer<Out>> | Handshake) => void;
}

/** @internal The same with every choice made; one object for all the connections of a server. */
export interface ConnectionSettings extends Required<
  Omit<ConnectionConfig<unknown, unknown>, 'codec' | 'onError' | 'overflow' | 'scheduler' | 'keepAlive'>
> {
  readonly overflow: Overflow<never>;
  /** Where somebody looks. */
  readonly counts?: Counts | undefined;
  readonly codec: Codec<unknown, unknown> | undefined;
  /** Whether an end is an error for `connect` and for async iteration. */
  readonly closeIsError: (close: CloseInfo) => boolean;
  readonly onError: OnError<Connection<unknown, never>> | undefined;
  readonly framing: Framing;
}

/** @internal */
export function connectionSettings(
  config: Omit<ConnectionConfig<never, never>, 'codec' | 'onError'> & {
    codec?: Codec<unknown, never>;
    closeIsError?: (close: CloseInfo) => boolean;
    onError?: OnError<never>;
    framing?: Framing | undefined;
  },
): ConnectionSettings {
  const {
    codec,
    undecodable = 'close',
    maxMessageBytes = 1_048_576,
    readAheadBytes = 65_536,
    unreadTimeoutMs = 30_000,
    maxQueuedBytes = 1_048_576,
    maxQueuedMessages = Infinity,
    overflow = 'close',
    stalledTimeoutMs = 30_000,
    highWaterBytes = 65_536,
    lowWaterBytes = highWaterBytes >> 2,
    closeTimeoutMs = 10_000,
    finishTimeoutMs = 1_000,
    closeIsError = isLost,
    onError,
    framing = messagesOnly,
  } = config;
  return {
    codec,
    undecodable,
    maxMessageBytes,
    readAheadBytes,
    unreadTimeoutMs,
    maxQueuedBytes,
    maxQueuedMessages,
    overflow,
    stalledTimeoutMs,
    highWaterBytes,
    lowWaterBytes,
    closeTimeoutMs,
    finishTimeoutMs,
    closeIsError,
    onError: onError as OnError<Connection<unknown, never>> | undefined,
    framing,
  };
}

const isLost = (close: CloseInfo): boolean => !close.wasClean;
