import type { Clock } from '../core/Clock.ts';
import type { Payload } from '../core/Slot.ts';
import type { Transport, TransportEvents } from '../core/Transport.ts';
import type { SocketCloseEvent, SocketEvent, SocketMessageEvent } from './SocketEvents.ts';

/** What a socket is opened with, as the platform's `WebSocket` takes it. */
export interface SocketTarget {
  readonly url: string;
  readonly protocol: string | string[] | undefined;
  readonly binaryType: string | undefined;
}

/** A socket that has just been opened. */
export interface OpenedSocket {
  readonly event: SocketEvent;
  readonly transport: Transport;
  /** What only its transport tells, where the socket has no events of its own. */
  readonly told?: Partial<Pick<TransportEvents, 'message' | 'ended'>>;
}

/** Who is told of one socket, in the platform's events or what stands for them. */
export interface SocketObserver {
  opened(opened: OpenedSocket): void;
  message(event: SocketMessageEvent): void;
  failed(event: SocketEvent): void;
  closed(event: SocketCloseEvent): void;
  /** To send something threw. */
  threw(error: unknown): void;
}

/** A socket from its first moment on. */
export interface OpeningSocket {
  /** It is being opened, or is open. */
  readonly isLive: boolean;
  /** Without a code: as it is closed before it is open. Throws for what cannot be sent. */
  close(code?: number, reason?: string): void;
}

/** How sockets are opened whose user sees their events. */
export interface SocketOpener {
  readonly clock: Clock;
  /** What is sent is written in that call, and not at the end of the turn. */
  readonly sendsAtOnce: boolean;
  /** How long a close may take; `Infinity` where the socket sees to it. */
  readonly closeTimeoutMs: number;
  /** The most that may be inside the socket where `maxQueuedBytes` may wait, and all of it has to be sent or only the newest. */
  highWaterBytes(maxQueuedBytes: number, keepsAll: boolean): number;
  /** What a serializer gave, as it goes through the queue. Throws for what cannot be sent. */
  payloadOf(message: unknown): Payload;
  /** Opens a socket. Throws where nothing can be opened with that target. */
  open(target: SocketTarget, observer: SocketObserver): OpeningSocket;
}
