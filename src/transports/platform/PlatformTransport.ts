import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import { payloadOf } from '../../core/Outbound.ts';
import type { OutboundSource, TransportEvents } from '../../core/Transport.ts';
import { PageTransport } from './PageTransport.ts';
import { listen, type PlatformSocket } from './PlatformSocket.ts';

const CAPABILITIES: Capabilities = { hold: false, ping: false, fragments: false };
const OPEN = 1;
/** How often is looked whether bytes have left, while some have to wait: the platform has no event for it. */
const POLL_MS = 5;

/**
 * An open `WebSocket` of the platform, whose `binaryType` is `arraybuffer`. It cannot stop reading, and sends neither
 * pings nor parts of messages.
 */
export class PlatformTransport extends PageTransport {
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly #socket: PlatformSocket;
  #forget: (() => void) | undefined;
  #stopPolling: (() => void) | undefined;

  constructor(socket: PlatformSocket, maxMessageBytes: number, clock: Clock) {
    super(maxMessageBytes, clock);
    this.#socket = socket;
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount ?? 0;
  }

  override open(events: TransportEvents): void {
    super.open(events);
    let fault: unknown;
    this.#forget = listen(
      this.#socket,
      ({ type, data, error, code = 1006, reason = '', wasClean = false }) => {
        if (type === 'message') this.received(data);
        else if (type === 'error') fault = error;
        else this.end(code, reason, wasClean, wasClean ? undefined : fault);
      },
    );
  }

  pause(): void {}

  resume(): void {}

  write(queue: OutboundSource, highWaterBytes: number): void {
    const socket = this.#socket;
    while (queue.at(0) !== undefined && this.bufferedBytes < highWaterBytes && socket.readyState === OPEN) {
      socket.send(payloadOf(queue.shift()!));
    }
    if (queue.at(0) !== undefined) this.#poll();
  }

  protected shut(...close: [code?: number, reason?: string]): void {
    this.#socket.close(...close);
  }

  protected leave(): void {
    this.#stopPolling?.();
    this.#forget?.();
    this.#socket.close();
  }

  #poll(): void {
    if (this.#stopPolling) return;
    const before = this.bufferedBytes;
    this.#stopPolling = this.clock.schedule(() => {
      this.#stopPolling = undefined;
      if (this.bufferedBytes < before) this.events?.drained();
      if (this.bufferedBytes > 0 && this.events) this.#poll();
    }, POLL_MS);
  }
}
