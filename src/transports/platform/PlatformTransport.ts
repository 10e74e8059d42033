import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import { CloseError } from '../../core/CloseError.ts';
import type { Data } from '../../core/Data.ts';
import { bytesOf, payloadOf } from '../../core/Outbound.ts';
import type { OutboundSource, Transport, TransportEnd, TransportEvents } from '../../core/Transport.ts';
import type { PlatformEvent, PlatformSocket } from './PlatformSocket.ts';

const CAPABILITIES: Capabilities = { hold: false, ping: false, fragments: false };
const OPEN = 1;
/** How often is looked whether bytes have left, while some have to wait: the platform has no event for it. */
const POLL_MS = 5;

/**
 * An open `WebSocket` of the platform, whose `binaryType` is `arraybuffer`. It cannot stop reading, and sends neither
 * pings nor parts of messages.
 */
export class PlatformTransport implements Transport {
  readonly side = 'client';
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly clock: Clock;
  private readonly socket: PlatformSocket;
  private readonly maxMessageBytes: number;
  private events: TransportEvents | undefined;
  private closeAsked = false;
  private fault: unknown;
  private stopPolling: (() => void) | undefined;

  constructor(socket: PlatformSocket, maxMessageBytes: number, clock: Clock) {
    this.socket = socket;
    this.maxMessageBytes = maxMessageBytes;
    this.clock = clock;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  open(events: TransportEvents): void {
    const { socket } = this;
    this.events = events;
    socket.addEventListener('message', this.onMessage);
    socket.addEventListener('error', this.onError);
    socket.addEventListener('close', this.onClose);
  }

  pause(): void {}

  resume(): void {}

  write(queue: OutboundSource, highWaterBytes: number): void {
    const { socket } = this;
    while (
      queue.at(0) !== undefined &&
      socket.bufferedAmount < highWaterBytes &&
      socket.readyState === OPEN
    ) {
      socket.send(payloadOf(queue.shift()!));
    }
    if (queue.at(0) !== undefined) this.poll();
  }

  /** A page may send 1000 and 3000 to 4999; for any other code it sends none. */
  close(code: number, reason: string): void {
    this.closeAsked = true;
    if (code === 1000 || code >= 3000) this.socket.close(code, reason);
    else this.socket.close();
  }

  /** The platform cannot cut a socket: it closes in the background, and nothing more is heard of it. */
  terminate(): void {
    this.socket.close();
    this.end({ code: 1006, reason: '', wasClean: false, by: 'local' });
  }

  private readonly onMessage = ({ data }: PlatformEvent): void => {
    const message: Data = typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer);
    const bytes = bytesOf(message);
    if (bytes <= this.maxMessageBytes) this.events?.message(message, bytes);
    else {
      this.socket.close();
      const error = new CloseError(1009, `a message has ${bytes} bytes, the most is ${this.maxMessageBytes}`);
      this.end({ code: 1009, reason: '', wasClean: false, by: 'local', error });
    }
  };

  private readonly onError = ({ error }: PlatformEvent): void => {
    this.fault = error;
  };

  private readonly onClose = ({ code = 1006, reason = '', wasClean = false }: PlatformEvent): void => {
    const by = this.closeAsked ? 'local' : wasClean ? 'peer' : 'network';
    this.end({
      code,
      reason,
      wasClean,
      by,
      ...(wasClean || this.fault === undefined ? {} : { error: this.fault }),
    });
  };

  private end(end: TransportEnd): void {
    const { socket, events } = this;
    this.stopPolling?.();
    socket.removeEventListener('message', this.onMessage);
    socket.removeEventListener('error', this.onError);
    socket.removeEventListener('close', this.onClose);
    this.events = undefined;
    events?.ended(end);
  }

  private poll(): void {
    if (this.stopPolling !== undefined) return;
    const before = this.socket.bufferedAmount;
    this.stopPolling = this.clock.schedule(() => {
      this.stopPolling = undefined;
      if (this.socket.bufferedAmount < before) this.events?.drained();
      if (this.socket.bufferedAmount > 0 && this.events !== undefined) this.poll();
    }, POLL_MS);
  }
}
