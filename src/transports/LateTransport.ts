import type { Capabilities } from '../core/Capabilities.ts';
import type { Clock } from '../core/Clock.ts';
import type { Data } from '../core/Data.ts';
import type { OutboundSource, Transport, TransportEnd, TransportEvents } from '../core/Transport.ts';
import type { OpenedSocket, OpeningSocket } from './SocketOpener.ts';

const NOTHING: Capabilities = { hold: false, ping: false, fragments: false };

/**
 * The transport of a connection that is still to be opened: until then all that is sent stays in the queue. What
 * arrives does not pass through it, since the user of such a socket reads its events.
 */
export class LateTransport implements Transport, TransportEvents {
  readonly side = 'client';
  readonly clock: Clock;
  /** Set when it is being opened. */
  socket: OpeningSocket | undefined;
  private readonly threw: (error: unknown) => void;
  private events: TransportEvents | undefined;
  private inner: Transport | undefined;
  private told: NonNullable<OpenedSocket['told']> = {};
  private flushing = false;
  private closeAsked = false;

  constructor(clock: Clock, threw: (error: unknown) => void) {
    this.clock = clock;
    this.threw = threw;
  }

  get protocol(): string {
    return this.inner?.protocol ?? '';
  }

  get capabilities(): Capabilities {
    return this.inner?.capabilities ?? NOTHING;
  }

  get bufferedBytes(): number {
    // The first flush is behind nothing: the queue is full because it had to wait, and not because the socket is.
    return this.flushing ? 0 : (this.inner?.bufferedBytes ?? 0);
  }

  open(events: TransportEvents): void {
    this.events = events;
  }

  /** The socket is open. */
  attach({ transport, told = {} }: OpenedSocket): void {
    this.inner = transport;
    this.told = told;
    transport.open(this);
  }

  /** Writes what waited for the opening. */
  flush(): void {
    this.flushing = true;
    this.drained();
    this.flushing = false;
  }

  pause(): void {}

  resume(): void {}

  write(queue: OutboundSource, highWaterBytes: number): void {
    this.inner?.write(queue, highWaterBytes);
  }

  close(code: number, reason: string): void {
    const { socket, inner } = this;
    this.closeAsked = true;
    if (inner === undefined) {
      socket?.close();
      return;
    }
    try {
      socket?.close(code, reason);
    } catch (error) {
      // Not with this code, then: it has to end all the same.
      socket?.close();
      this.threw(error);
    }
  }

  terminate(): void {
    if (this.inner === undefined) this.socket?.close();
    else this.inner.terminate();
  }

  message(data: Data, bytes: number): void {
    this.told.message?.(data, bytes);
  }

  ping(): void {}

  pong(): void {}

  roundTrip(): void {}

  exceeded(code: number, reason: string): void {
    this.events?.exceeded(code, reason);
  }

  drained(): void {
    this.events?.drained();
  }

  answering(): void {
    this.events?.answering();
  }

  closing(): void {
    this.events?.closing();
  }

  ended(end: TransportEnd): void {
    // It was closed past the transport, which takes the answer for the peer's wish.
    this.events?.ended(this.closeAsked && end.by === 'peer' ? { ...end, by: 'local' } : end);
    this.told.ended?.(end);
  }
}
