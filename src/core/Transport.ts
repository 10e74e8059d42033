import type { Capabilities } from './Capabilities.ts';
import type { Clock } from './Clock.ts';
import type { CloseInfo } from './CloseInfo.ts';
import type { Data } from './Data.ts';
import type { Outbound } from './Outbound.ts';

/** How the transport saw the end; the connection adds what only it knows. */
export type TransportEnd = Omit<CloseInfo, 'openMs'>;

/** What a transport tells its connection. After `ended` it tells nothing. */
export interface TransportEvents {
  /** One whole message, and the bytes that it counts for. */
  message(data: Data, bytes: number): void;
  ping(data: Uint8Array): void;
  pong(data: Uint8Array): void;
  /** A ping of the transport's own was answered. */
  roundTrip(ms: number): void;
  /** The peer did more than it may, by a limit of the transport's: it is to be closed. */
  exceeded(code: number, reason: string): void;
  /** Something that `write` took has left. */
  drained(): void;
  /** A pong is about to be sent: the moment to write what was sent before it. */
  answering(): void;
  /** The peer sends no more, or a close frame is about to be sent that the connection did not ask for: the last moment to write. */
  closing(): void;
  ended(end: TransportEnd): void;
}

/** What a transport takes from: the front of a queue. */
export interface OutboundSource {
  /** What is `index` places behind the front; undefined: nothing. */
  at(index: number): Outbound | undefined;
  shift(): Outbound | undefined;
}

/**
 * The port between a connection and a socket. It knows the protocol and the bytes; it keeps no queue, makes no
 * decision, and has no state but the socket's. `pause` stops the socket, not what was already read from it.
 */
export interface Transport {
  readonly side: 'client' | 'server';
  readonly protocol: string;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  /** Bytes that `write` took and that have not left. */
  readonly bufferedBytes: number;
  /** What came from the socket, and went into it, with the headers of frames; undefined where nobody knows. */
  readonly socketBytes?: { readonly received: number; readonly sent: number } | undefined;
  /** Begins to tell `events`; nothing has been lost before. */
  open(events: TransportEvents): void;
  pause(): void;
  resume(): void;
  /**
   * Takes from the front of `queue` while `bufferedBytes` is below `highWaterBytes`, in as few system calls as can be.
   * What stays in the queue stays because bytes are under way: `drained` follows.
   */
  write(queue: OutboundSource, highWaterBytes: number): void;
  /** Sends a close frame behind all that was written, once. */
  close(code: number, reason: string): void;
  /** Ends the socket at once, without a close frame. */
  terminate(): void;
}
