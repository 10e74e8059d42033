import type { Capabilities } from '../../core/Capabilities.ts';
import type { Clock } from '../../core/Clock.ts';
import { CloseError } from '../../core/CloseError.ts';
import { bytesOf, payloadOf } from '../../core/Outbound.ts';
import type { OutboundSource, TransportEvents } from '../../core/Transport.ts';
import { PageTransport } from './PageTransport.ts';
import type { PlatformStream, PlatformStreamEnd, PlatformStreamOpen } from './PlatformStream.ts';

const CAPABILITIES: Capabilities = { hold: true, ping: false, fragments: false };

/**
 * An open `WebSocketStream`: what is not read makes the peer wait. A peer that closes meanwhile is lost, since the
 * platform drops what was not read.
 */
export class StreamTransport extends PageTransport {
  readonly capabilities: Capabilities = CAPABILITIES;
  readonly protocol: string;
  bufferedBytes = 0;
  readonly #stream: PlatformStream;
  readonly #reader: ReadableStreamDefaultReader<unknown>;
  readonly #writer: WritableStreamDefaultWriter<string | Uint8Array>;
  /** The last write. */
  #written: Promise<void> = Promise.resolve();
  #paused = false;
  #reading = false;
  /** Nothing is left to read. */
  #isRead = false;
  /** What to do then, as soon as it is known how it ended. */
  #finish: (() => void) | undefined;

  constructor(
    stream: PlatformStream,
    { protocol, readable, writable }: PlatformStreamOpen,
    maxMessageBytes: number,
    clock: Clock,
  ) {
    super(maxMessageBytes, clock);
    this.#stream = stream;
    this.protocol = protocol;
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
  }

  override open(events: TransportEvents): void {
    super.open(events);
    this.#stream.closed.then(
      ({ closeCode, reason = '' }) => {
        const isLost = this.#paused;
        const error = isLost ? new CloseError(1008, 'messages are not read') : undefined;
        const by = isLost ? 'peer' : undefined;
        this.#over(() => this.end(closeCode ?? 1005, reason, !isLost, error, by));
      },
      (error: PlatformStreamEnd) => this.#over(() => this.end(error.closeCode ?? 1006, '', false, error)),
    );
    this.#read();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  /** What was written counts until the platform has taken it: that is how it makes us wait for the peer. */
  write(queue: OutboundSource, highWaterBytes: number): void {
    const writer = this.#writer;
    while (queue.at(0) !== undefined && this.bufferedBytes < highWaterBytes && writer.desiredSize !== null) {
      const outbound = queue.shift()!;
      const bytes = bytesOf(outbound);
      const left = (): void => {
        this.bufferedBytes -= bytes;
        this.events?.drained();
      };
      this.bufferedBytes += bytes;
      this.#written = writer.write(payloadOf(outbound)).then(left, left);
    }
  }

  protected shut(closeCode?: number, reason?: string): void {
    // Before what was written has been taken it would be dropped.
    void this.#written.then(() => this.#stream.close({ closeCode, reason }));
  }

  protected leave(): void {
    this.#stream.close();
  }

  #read(): void {
    if (this.#reading || !this.events || (this.#paused && !this.#finish)) return;
    const done = (): void => {
      this.#isRead = true;
      this.#finish?.();
    };
    this.#reading = true;
    this.#reader.read().then((result) => {
      if (result.done) return done();
      this.#reading = false;
      this.received(result.value);
      this.#read();
    }, done);
  }

  /** It has ended; what the platform still has of it goes first. */
  #over(finish: () => void): void {
    this.#finish = finish;
    if (this.#isRead) finish();
    else this.#read();
  }
}
