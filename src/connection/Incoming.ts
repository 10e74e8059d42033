import { Observable, type Subscriber } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { Fifo } from '../core/Fifo.ts';
import { bytesOf } from '../core/Outbound.ts';
import type { Transport } from '../core/Transport.ts';
import type { Hold } from '../core/Valve.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { decode } from './decode.ts';
import { Latest } from './Latest.ts';

type Kind = 'messages' | 'text' | 'binary';
interface Reader {
  readonly kind: Kind;
  readonly subscriber: Subscriber<unknown>;
}

/** What a waiting message counts for beside its bytes: without it, empty messages would wait without bound. */
const SLOT_BYTES = 8;
const NO_READERS: readonly Reader[] = [];

/**
 * From the transport to the readers. A message is delivered at once where someone reads, nobody holds and nothing waits;
 * else it waits. It keeps `readAheadBytes` and what the transport still brings after `pause`.
 */
export class Incoming {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly unreadable: (error: unknown) => void;
  private readonly unread: () => void;
  /** Replaced, never changed: a delivery goes on over the readers that it began with. */
  private readers: readonly Reader[] = NO_READERS;
  private waiting: Fifo<Data> | undefined;
  private waitingBytes = 0;
  private holds = 0;
  private paused = false;
  /** One message is being delivered, or decoded. */
  private delivering = false;
  private pumping = false;
  /** The transport brings no more. */
  private ended = false;
  /** Nothing more is delivered. */
  private discarded = false;
  private readonly unreadAlarm: Alarm;
  private readingState: Latest<boolean> | undefined;

  constructor(
    transport: Transport,
    settings: ConnectionSettings,
    unreadable: (error: unknown) => void,
    unread: () => void,
  ) {
    this.transport = transport;
    this.settings = settings;
    this.unreadable = unreadable;
    this.unread = unread;
    this.unreadAlarm = new Alarm(transport.clock, settings.unreadTimeoutMs, unread);
  }

  stream<T>(kind: Kind): Observable<T> {
    return new Observable<T>((subscriber) => this.add({ kind, subscriber: subscriber as Subscriber<unknown> }));
  }

  get reading(): Observable<boolean> {
    this.readingState ??= new Latest(this.holds === 0);
    if (this.ended) this.readingState.complete();
    return this.readingState.values;
  }

  receive(data: Data, bytes: number): void {
    if (this.discarded || this.ended) return;
    if (this.isFlowing() && this.isEmpty()) {
      this.deliver(data);
      return;
    }
    this.waiting ??= new Fifo();
    this.waiting.push(typeof data === 'string' ? data : own(data));
    this.waitingBytes += bytes + SLOT_BYTES;
    this.settle();
  }

  hold(): Hold {
    let held = true;
    const unsubscribe = (): void => {
      if (!held) return;
      held = false;
      if (--this.holds > 0) return;
      this.readingState?.set(true);
      // In a later turn: whoever released may still be about to subscribe, and delivers nothing inside this call.
      this.pumpLater();
      this.settle();
    };
    if (this.holds++ === 0) this.readingState?.set(false);
    this.settle();
    return { unsubscribe, [Symbol.dispose]: unsubscribe };
  }

  /** Takes no more from the transport; what waits is still delivered, and then `messages` completes. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.settle();
    this.readingState?.complete();
    this.pumpLater();
    this.finish();
  }

  /** Delivers nothing more. The socket is read on, so that the peer's close frame is seen. */
  discard(): void {
    this.discarded = true;
    this.waiting = undefined;
    this.waitingBytes = 0;
    this.settle();
  }

  private add(reader: Reader): () => void {
    if (this.isFinished()) {
      reader.subscriber.complete();
      return () => {};
    }
    this.readers = [...this.readers, reader];
    this.pumpLater();
    this.settle();
    return () => {
      this.readers = this.readers.filter((other) => other !== reader);
      this.settle();
    };
  }

  private pumpLater(): void {
    if (!this.isEmpty()) this.transport.clock.later(() => this.pump());
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (!this.isEmpty() && this.isFlowing()) {
      const data = this.waiting!.shift()!;
      this.waitingBytes -= bytesOf(data) + SLOT_BYTES;
      this.deliver(data);
    }
    this.pumping = false;
    this.settle();
    this.finish();
  }

  private deliver(data: Data): void {
    const { codec } = this.settings;
    this.delivering = true;
    if (codec === undefined || !this.readers.some(({ kind }) => kind === 'messages')) {
      this.emit(data, data);
      return;
    }
    // Until it is known what this one is nothing else is delivered: the order is kept.
    decode(
      codec,
      data,
      (value) => this.emit(data, value),
      (error) => {
        if (!this.discarded) this.unreadable(error);
        this.delivered();
      },
    );
  }

  private emit(data: Data, value: unknown): void {
    if (!this.discarded) {
      const isText = typeof data === 'string';
      for (const { kind, subscriber } of this.readers) {
        if (kind === 'messages') subscriber.next(value);
        else if ((kind === 'text') === isText) subscriber.next(data);
      }
    }
    this.delivered();
  }

  private delivered(): void {
    this.delivering = false;
    if (this.ended || !this.isEmpty()) this.pump();
  }

  private finish(): void {
    if (!this.isFinished()) return;
    const { readers } = this;
    this.readers = NO_READERS;
    for (const { subscriber } of readers) subscriber.complete();
  }

  /** Pauses or resumes the socket, and starts or stops the wait for a reader, as things stand now. */
  private settle(): void {
    const { readAheadBytes, maxQueuedBytes } = this.settings;
    const { transport, paused } = this;
    const open = !this.ended && !this.discarded;
    const pause = open && !this.isEmpty() && this.waitingBytes >= (paused ? readAheadBytes / 4 : readAheadBytes);
    if (pause !== paused) {
      this.paused = pause;
      if (pause) transport.pause();
      else transport.resume();
    }
    if (open && !this.isEmpty() && this.readers.length === 0 && this.holds === 0) this.unreadAlarm.set();
    else this.unreadAlarm.clear();
    if (open && !transport.capabilities.hold && this.waitingBytes > maxQueuedBytes) this.unread();
  }

  private isEmpty(): boolean {
    return this.waiting === undefined || this.waiting.length === 0;
  }

  private isFlowing(): boolean {
    return this.holds === 0 && this.readers.length > 0 && !this.delivering && !this.discarded;
  }

  private isFinished(): boolean {
    return this.ended && this.isEmpty() && !this.delivering;
  }
}

/** A small view may keep the whole chunk that was read from the socket alive: what waits has bytes of its own. */
function own(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : Uint8Array.prototype.slice.call(data);
}
