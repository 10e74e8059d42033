import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import { CloseError } from '../../core/CloseError.ts';
import type { CloseInfo } from '../../core/CloseInfo.ts';
import { bytesOf } from '../../core/Outbound.ts';
import { toData } from '../../core/toData.ts';
import type { OutboundSource, Transport, TransportEvents } from '../../core/Transport.ts';

/** What a page can do with its connection, whichever way it has to a socket. */
export abstract class PageTransport implements Transport {
  readonly side = 'client';
  abstract readonly protocol: string;
  abstract readonly capabilities: Capabilities;
  abstract readonly bufferedBytes: number;
  readonly clock: Clock;
  readonly #maxMessageBytes: number;
  #closeAsked = false;
  /** Undefined once it has ended. */
  protected events: TransportEvents | undefined;

  constructor(maxMessageBytes: number, clock: Clock) {
    this.#maxMessageBytes = maxMessageBytes;
    this.clock = clock;
  }

  abstract pause(): void;
  abstract resume(): void;
  abstract write(queue: OutboundSource, highWaterBytes: number): void;
  /** Closes behind what was written, with a code that a page may send, or without one. */
  protected abstract shut(code?: number, reason?: string): void;
  /** Closes in the background, and listens no more. */
  protected abstract leave(): void;

  open(events: TransportEvents): void {
    this.events = events;
  }

  /** A page may send 1000 and 3000 to 4999; for any other code it sends none. */
  close(code: number, reason: string): void {
    this.#closeAsked = true;
    if (code === 1000 || code >= 3000) this.shut(code, reason);
    else this.shut();
  }

  /** The platform cannot cut a socket; nothing more is heard of it. */
  terminate(): void {
    this.end(1006, '', false, undefined, 'local');
  }

  protected received(data: unknown): void {
    const message = toData(data);
    const bytes = bytesOf(message);
    if (bytes <= this.#maxMessageBytes) this.events?.message(message, bytes);
    else {
      const much = `a message has ${bytes} bytes, the most is ${this.#maxMessageBytes}`;
      this.end(1009, '', false, new CloseError(1009, much), 'local');
    }
  }

  protected end(
    code: number,
    reason: string,
    wasClean: boolean,
    error: unknown,
    by: CloseInfo['by'] = this.#closeAsked ? 'local' : wasClean ? 'peer' : 'network',
  ): void {
    const { events } = this;
    this.events = undefined;
    this.leave();
    events?.ended({ code, reason, wasClean, by, ...(error === undefined ? {} : { error }) });
  }
}
