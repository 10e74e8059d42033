import type { Observable, Subscriber, Unsubscribable } from 'rxjs';
import type { Data } from '../core/Data.ts';
import { Backpressure } from './Backpressure.ts';
import { decode } from './decode.ts';
import type { Engine } from './Engine.ts';
import { Latest } from './Latest.ts';
import { ReadAhead } from './ReadAhead.ts';
import { type Kind, Readers } from './Readers.ts';
import { undecoded } from './Undecoded.ts';

/** For all who have never had to wait. */
const NOTHING = /* @__PURE__ */ new ReadAhead();

/**
 * From the transport to the readers. A message is delivered at once where someone reads, nobody holds and nothing waits;
 * else it waits. It keeps `readAheadBytes` and what the transport still brings after `pause`.
 */
export class Incoming extends Readers<Engine> {
  private waiting = NOTHING;
  private state: Latest<boolean> | undefined;
  /** Told of each message behind its delivery, and may hold the next. */
  meter: ((data: Data) => void) | undefined;
  backpressure: Backpressure | undefined;
  /** One message is being delivered, shown, or decoded. */
  private delivering = false;
  private pumping = false;
  /** So many messages have arrived and were neither delivered nor shown to who watches. */
  unseen = 0;
  /** The transport brings no more; nothing more is delivered. */
  private ended = false;
  private discarded = false;
  /** Nothing stands between the transport and a reader; kept by `settle`, since it is asked for each message. */
  private isDirect = false;
  private done: readonly (() => void)[] | undefined;

  /** What waits to be read. */
  get bytes(): number {
    return this.waiting.bytes;
  }

  get reading(): Observable<boolean> {
    this.state ??= new Latest(!this.engine.isHeld);
    if (this.ended) this.state.complete();
    return this.state.values;
  }

  read(kind: Kind, subscriber: Subscriber<unknown>): Unsubscribable {
    if (this.isFinished) subscriber.complete();
    this.pumpLater();
    return this.addReader(kind, subscriber);
  }

  receive(data: Data, bytes: number): void {
    if (this.isDirect && !this.delivering) return this.delivered(data, data);
    if (this.discarded || this.ended) return;
    this.unseen++;
    if (this.isFlowing && this.waiting.isEmpty) this.deliver(data);
    else {
      this.readAhead.push(data, bytes);
      this.look();
      this.settle();
    }
  }

  /** Takes no more from the transport; what waits is still delivered, and then `messages` completes. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.state?.complete();
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
    this.done = [...(this.done ?? []), done];
    this.settle();
  }

  holdsChanged(): void {
    this.state?.set(!this.engine.isHeld);
    // In a later turn: whoever released may still be about to subscribe, and nothing is delivered inside this call.
    if (!this.engine.isHeld) this.pumpLater();
    this.settle();
  }

  private get readAhead(): ReadAhead {
    if (this.waiting === NOTHING) this.waiting = new ReadAhead();
    return this.waiting;
  }

  private pumpLater(): void {
    if (!this.waiting.isEmpty) this.engine.transport.clock.later(() => this.pump());
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
    if (!this.wantValues(this.engine.settings.codec !== undefined)) {
      this.unseen--;
      this.delivered(data, data);
      return;
    }
    this.decode(data, (value) => {
      if (this.discarded || this.isTaken) return this.delivered(data, value);
      this.readAhead.putBack(data, value);
      this.goOn();
    });
  }

  /** Shows what waits for a reader, and for no hold, to who watches. */
  private look(): void {
    while (this.isWatched && this.isUnread && !this.delivering && this.waiting.hasUnseen) {
      this.decode(this.waiting.firstUnseen, (value) => {
        if (!this.discarded) this.readAhead.see(value);
        this.goOn();
      });
    }
  }

  /** Until it is known what this one is, and who watches has seen it, nothing else is delivered: the order is kept. */
  private decode(data: Data, then: (value: unknown) => void): void {
    const { engine } = this;
    const { codec, unreadTimeoutMs: timeoutMs } = engine.settings;
    const done = (value: unknown): void => {
      if (!this.discarded) {
        this.unseen--;
        this.show(value);
      }
      then(value);
    };
    const fail = (error: unknown): void => {
      const refused = this.discarded ? undefined : undecoded(engine, error);
      if (refused === undefined) this.discard();
      done(refused);
    };
    this.delivering = true;
    if (codec === undefined) done(data);
    else decode(codec, data, done, fail, { clock: engine.transport.clock, timeoutMs });
  }

  private goOn(): void {
    this.delivering = false;
    this.pump();
  }

  private delivered(data: Data, value: unknown): void {
    this.delivering = true;
    if (!this.discarded) this.tell(data, value);
    this.delivering = false;
    if (this.isDirect) return;
    this.meter?.(data);
    if (this.ended || !this.waiting.isEmpty) this.pump();
  }

  /** Pauses or resumes the socket, starts or stops the wait for a reader, and ends, as things stand now. */
  settle(): void {
    const { engine } = this;
    const open = !this.ended && !this.discarded;
    const waits = open && !this.waiting.isEmpty;
    const looksAt = engine.settings.codec ?? this.meter;
    this.isDirect = open && !waits && this.isTaken && looksAt === undefined && !this.isWatched;
    if (waits) this.backpressure ??= new Backpressure(engine);
    this.backpressure?.settle(waits, this.bytes, this.isUnread);
    if (this.ended && this.unseen === 0 && !this.delivering) this.completeWatchers();
    if (this.isFinished) this.completeReaders();
    if (!this.isFinished && !(this.ended && this.readerCount === 0)) return;
    const { done = [] } = this;
    this.done = undefined;
    for (const told of done) told();
    engine.owner?.allRead();
  }

  private get isFlowing(): boolean {
    return this.isTaken && !this.delivering && !this.discarded;
  }

  private get isFinished(): boolean {
    return this.ended && this.waiting.isEmpty && !this.delivering;
  }
}
