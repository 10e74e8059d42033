import { Observable } from 'rxjs';
import type { Data } from '../core/Data.ts';
import type { Transport } from '../core/Transport.ts';
import { Backpressure } from './Backpressure.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { decode } from './decode.ts';
import type { Engine } from './Engine.ts';
import { Holds } from './Holds.ts';
import { ReadAhead } from './ReadAhead.ts';
import { type Kind, Readers } from './Readers.ts';
import { undecoded } from './Undecoded.ts';

const NOBODY: (() => void)[] = [];

/**
 * From the transport to the readers. A message is delivered at once where someone reads, nobody holds and nothing waits;
 * else it waits. It keeps `readAheadBytes` and what the transport still brings after `pause`.
 */
export class Incoming {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly events: Pick<Engine, 'settings' | 'fail' | 'report' | 'unread'>;
  readonly holds: Holds = new Holds(() => {
    // In a later turn: whoever released may still be about to subscribe, and nothing is delivered inside this call.
    if (!this.holds.isHeld) this.pumpLater();
    this.settle();
  });
  private readonly readers = new Readers(this);
  readonly waiting: ReadAhead = new ReadAhead();
  /** Told of each message behind its delivery, and may hold the next. */
  meter: ((data: Data) => void) | undefined;
  backpressure: Backpressure | undefined;
  /** One message is being delivered, shown, or decoded. */
  private delivering = false;
  private pumping = false;
  /** So many messages have arrived and were neither delivered nor shown to who watches. */
  private unseen = 0;
  /** The transport brings no more; nothing more is delivered. */
  private ended = false;
  private discarded = false;
  /** Nothing stands between the transport and a reader; kept by `settle`, since it is asked for each message. */
  private isDirect = false;
  private done: (() => void)[] = NOBODY;

  constructor(transport: Transport, settings: ConnectionSettings, events: Incoming['events']) {
    this.transport = transport;
    this.settings = settings;
    this.events = events;
  }

  stream<T>(kind: Kind): Observable<T> {
    return new Observable<T>((subscriber) => {
      if (this.isFinished) subscriber.complete();
      this.pumpLater();
      return this.readers.add(kind, subscriber);
    });
  }

  /** What arrives from now on, decoded, when it is delivered, or would be if someone read. It takes nothing, and
   * completes when the connection has ended and all was shown. */
  watch<T>(): Observable<T> {
    return new Observable<T>((subscriber) => this.readers.watch(subscriber, this.unseen));
  }

  receive(data: Data, bytes: number): void {
    if (this.isDirect && !this.delivering) {
      this.delivered(data, data);
      return;
    }
    if (this.discarded || this.ended) return;
    this.unseen++;
    if (this.isFlowing && this.waiting.isEmpty) this.deliver(data);
    else {
      this.waiting.push(data, bytes);
      this.look();
      this.settle();
    }
  }

  /** Takes no more from the transport; what waits is still delivered, and then `messages` completes. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.holds.complete();
    this.pumpLater();
    this.settle();
  }

  /** Delivers nothing more. The socket is read on, so that the peer's close frame is seen. */
  discard(): void {
    this.discarded = true;
    this.unseen = 0;
    this.waiting.clear();
    this.settle();
  }

  /** Calls `done` when `messages` has completed, or nobody is left to whom what was received could go. */
  whenDone(done: () => void): void {
    this.done = this.done.concat(done);
    this.settle();
  }

  private pumpLater(): void {
    if (!this.waiting.isEmpty) this.transport.clock.later(() => this.pump());
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (!this.waiting.isEmpty && this.isFlowing) {
      const decoded = this.waiting.shiftDecoded();
      if (decoded === undefined) this.deliver(this.waiting.shift());
      else this.delivered(decoded.data, decoded.value);
    }
    this.look();
    this.pumping = false;
    this.settle();
  }

  private deliver(data: Data): void {
    if (!this.readers.wantValues(this.settings.codec !== undefined)) {
      this.unseen--;
      this.delivered(data, data);
      return;
    }
    this.decode(data, (value) => {
      if (this.discarded || this.readers.isTaken) this.delivered(data, value);
      else {
        this.waiting.putBack(data, value);
        this.delivering = false;
        this.pump();
      }
    });
  }

  /** Shows what waits for a reader, and for no hold, to who watches. */
  private look(): void {
    while (this.readers.isWatched && this.readers.isUnread && !this.delivering && this.waiting.hasUnseen) {
      this.decode(this.waiting.firstUnseen, (value) => {
        if (!this.discarded) this.waiting.see(value);
        this.delivering = false;
        this.pump();
      });
    }
  }

  /** Until it is known what this one is, and who watches has seen it, nothing else is delivered: the order is kept. */
  private decode(data: Data, then: (value: unknown) => void): void {
    const { codec, unreadTimeoutMs: timeoutMs } = this.settings;
    const done = (value: unknown): void => {
      if (!this.discarded) {
        this.unseen--;
        this.readers.show(value);
      }
      then(value);
    };
    const fail = (error: unknown): void => {
      const refused = this.discarded ? undefined : undecoded(this.events, error);
      if (refused === undefined) this.discard();
      done(refused);
    };
    this.delivering = true;
    if (codec === undefined) done(data);
    else decode(codec, data, done, fail, { clock: this.transport.clock, timeoutMs });
  }

  private delivered(data: Data, value: unknown): void {
    this.delivering = true;
    if (!this.discarded) this.readers.next(data, value);
    this.delivering = false;
    if (this.isDirect) return;
    this.meter?.(data);
    if (this.ended || !this.waiting.isEmpty) this.pump();
  }

  /** Pauses or resumes the socket, starts or stops the wait for a reader, and ends, as things stand now. */
  settle(): void {
    const { waiting, readers, settings, transport } = this;
    const open = !this.ended && !this.discarded;
    const waits = open && !waiting.isEmpty;
    const looksAt = settings.codec ?? this.meter;
    this.isDirect = open && !waits && readers.isTaken && looksAt === undefined && !readers.isWatched;
    if (waits) this.backpressure ??= new Backpressure(transport, settings, () => this.events.unread());
    this.backpressure?.settle(waits, waiting.bytes, readers.isUnread);
    if (this.ended && this.unseen === 0 && !this.delivering) readers.completeWatchers();
    if (this.isFinished) readers.complete();
    if (!this.isFinished && !(this.ended && readers.count === 0)) return;
    const { done } = this;
    this.done = NOBODY;
    for (const told of done) told();
  }

  private get isFlowing(): boolean {
    return this.readers.isTaken && !this.delivering && !this.discarded;
  }

  private get isFinished(): boolean {
    return this.ended && this.waiting.isEmpty && !this.delivering;
  }
}
