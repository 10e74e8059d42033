/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable, ObservableInput } from 'rxjs';
import type { Capabilities } from '../core/Capabilities.ts';
import type { CloseInfo } from '../core/CloseInfo.ts';
import type { Data, Sendable } from '../core/Data.ts';
import type { Dropped } from '../core/Dropped.ts';
import type { Frame } from '../core/Frame.ts';
import type { Handshake } from '../core/Handshake.ts';
import type { Peer } from '../core/Peer.ts';
import type { Prepared } from '../core/Prepared.ts';
import type { Hold, Valve } from '../core/Valve.ts';

/**
 * One open WebSocket, whichever end opened it.
 *
 * Members are bound and can be destructured: `handle(({ text, send }) => …)`.
 *
 * @example
 * handle(({ text }) => text.pipe(map((line) => line.toUpperCase())))
 */
export interface Connection<In = Data, Out = Sendable, Context = unknown>
  extends Peer<In, Out>, Valve, AsyncIterable<In>, AsyncDisposable {
  /**
   * What the peer sends, in order, as the codec makes of it. Hot: each message goes once to all who are subscribed,
   * and waits for the first subscriber where there is none.
   *
   *     peer       -a--b------c--|
   *     hold          ---------
   *     messages   -a----------(bc|)
   *
   * **Completes** when the connection has ended, however it did, and what was received has been delivered. A connection
   * that this end closed delivers nothing after `close()`. **Errors with** nothing; where `undecodable` is `'error'`, with a
   * `DecodeError` for a message that cannot be decoded, and the rest waits. **On unsubscribe** the rest waits
   * for the next subscriber. **Holds** `readAheadBytes` (64 KiB), and what the socket had read beyond it; then the peer waits.
   * What nobody reads for `unreadTimeoutMs` closes the connection with 1008.
   */
  readonly messages: Observable<In>;
  /** The text messages, not decoded; reads like `messages`, and passes over binary ones. */
  readonly text: Observable<string>;
  /** The binary messages, not decoded; reads like `messages`, and passes over text. */
  readonly binary: Observable<Uint8Array>;
  /**
   * Every whole message, ping and pong as it arrives, before holds and codec. It only watches: what arrives still
   * waits for a reader, and nothing waits for a watcher.
   *
   * **Completes** when the connection has ended. **Errors with** nothing. **Holds** nothing.
   */
  readonly frames: Observable<Frame>;
  /**
   * Sends one message (RFC 6455, 5.6). True: taken; it leaves in this turn, in order, or as soon as the peer reads.
   * False: not taken, since the connection is not open or its queue is full. Pace by `writable`.
   *
   * Bytes are not copied: do not change them before they have left. **Holds** `maxQueuedBytes` (1 MiB) beyond one
   * message; past it the connection is closed with 1013. **Throws** an `InvalidArgumentError` for what is neither text
   * nor bytes, where there is no codec.
   */
  readonly send: (message: Out | Prepared<Out>) => boolean;
  /**
   * Sends one message in parts (RFC 6455, 5.4): text if the first part is a string, else binary. What is sent meanwhile
   * waits behind it, another message in parts too; its source is subscribed when its turn comes. Iterables and Node or
   * Web streams are pulled no faster than the peer reads.
   *
   * **Emits** nothing. **Completes** when the last part was taken. **Errors with** what the source errors with, or a
   * `ConnectionClosedError`. Half a message cannot be taken back: an error, a part of another kind, or to **unsubscribe**
   * before the end closes the connection with 1011.
   *
   * @example
   * connection.sendFragments(createReadStream('film.webm')).subscribe()
   */
  readonly sendFragments: (parts: ObservableInput<Sendable>) => Observable<never>;
  /** Whether there is room, now and at each change: false once bytes had to stay behind, true when most have left. */
  readonly writable: Observable<boolean>;
  /** Payload bytes, in UTF-8, that were taken by `send` and have not left this process. */
  readonly bufferedBytes: number;
  /** What was taken and could not be sent, as it is thrown away. **Completes** when the connection has ended. */
  readonly dropped: Observable<Dropped>;
  /**
   * Holds the reading: nothing is delivered until every hold has been released, by `unsubscribe()` or the end of a `using` block.
   * Pings, pongs and the close go on. **Holds** what `messages` says.
   *
   * @example
   * const hold = connection.hold();
   * store(message).then(() => hold.unsubscribe());
   */
  hold(): Hold;
  /** False while anyone holds, now and at each change. **Completes** when the connection has ended. */
  readonly reading: Observable<boolean>;
  /**
   * Sends a ping (RFC 6455, 5.5.2) at each subscription. **Emits** the milliseconds until its pong, and **completes**.
   * **Errors with** a `ConnectionClosedError` where the connection ends first, an `InvalidArgumentError` for a payload
   * of more than 125 bytes, or where the platform cannot ping. Without `data` each ping has a payload of its own.
   */
  readonly ping: (data?: Sendable) => Observable<number>;
  /**
   * How long answers to pings take, in milliseconds: those of the keep-alive, and those of `ping()`. **Emits** the last
   * one, where there was one, and then each. **Completes** when the connection has ended; in a page it emits nothing.
   */
  readonly roundTripMs: Observable<number>;
  /**
   * Sends what is queued and then a close frame (RFC 6455, 7.1.2), and waits `closeTimeoutMs` (10 s) in all for the
   * peer's; then the socket is cut. What was not delivered by now is discarded. Later calls do nothing.
   * **Throws** an `InvalidArgumentError` for a code that may not be sent or a reason of more than 123 bytes.
   */
  readonly close: (code?: number, reason?: string) => void;
  /** Cuts the socket at once, without a close frame: lost, 1006. */
  readonly terminate: () => void;
  /** **Emits** how the connection ended, exactly once, also to who comes late, and **completes**. Never errors. */
  readonly closed: Observable<CloseInfo>;
  readonly state: 'open' | 'closing' | 'closed';
  readonly handshake: Handshake;
  /** The chosen subprotocol; empty if none. */
  readonly protocol: string;
  /** What the server's decision made of the request. */
  readonly context: Context;
  /** Unique, also across processes. */
  readonly id: string;
  readonly capabilities: Capabilities;
  /**
   * Reads one message at a time; nothing is read between. Throws a `ConnectionClosedError` where the connection was
   * lost. Leaving the loop stops reading and does not close.
   */
  [Symbol.asyncIterator](): AsyncIterator<In, undefined>;
  /** Closes with 1000 and waits for the end. */
  [Symbol.asyncDispose](): PromiseLike<void>;
}
