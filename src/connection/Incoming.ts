import { Observable, type Subscriber } from 'rxjs';
import type { Data } from '../core/Data.ts';
import type { Transport } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { decode } from './decode.ts';
import type { Engine } from './Engine.ts';
import { Holds } from './Holds.ts';
import { ReadAhead } from './ReadAhead.ts';
import { type Kind, Readers } from './Readers.ts';

/** Whom it tells. */
export type IncomingEvents = Pick<Engine, 'unreadable' | 'unread'>;

const NOBODY: (() => void)[] = [];

/**
 * From the transport to the readers. A message is delivered at once where someone reads, nobody holds and nothing waits;
 * else it waits. It keeps `readAheadBytes` and what the transport still brings after `pause`.
 */
export class Incoming {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly events: IncomingEvents;
  private unreadAlarm: Alarm | undefined;
  private readonly readers = new Readers();
  readonly holds: Holds = new Holds(() => {
    // In a later turn: whoever released may still be about to subscribe, and nothing is delivered inside this call.
    if (!this.holds.isHeld) this.pumpLater();
    this.settle();
  });
  /** What was decoded while nobody could take it: a hold began, or the last reader left. It goes first. */
  private ready: { readonly data: Data; readonly value: unknown } | undefined;
  private readonly waiting = new ReadAhead();
  private paused = false;
  /** One message is being delivered, or decoded. */
  private delivering = false;
  private pumping = false;
  /** The transport brings no more. */
  private ended = false;
  /** Nothing more is delivered. */
  private discarded = false;
  /** Nothing stands between the transport and a reader; kept by `settle`, since it is asked for each message. */
  private isDirect = false;
  private done: (() => void)[] = NOBODY;

  constructor(transport: Transport, settings: ConnectionSettings, events: IncomingEvents) {
    this.transport = transport;
    this.settings = settings;
    this.events = events;
  }

  stream<T>(kind: Kind): Observable<T> {
    return new Observable<T>((subscriber) => this.add(kind, subscriber));
  }

  receive(data: Data, bytes: number): void {
    if (this.isDirect && !this.delivering) {
      this.delivered(data, data);
      return;
    }
    if (this.discarded || this.ended) return;
    if (this.isFlowing && this.isEmpty) {
      this.deliver(data);
      return;
    }
    this.waiting.push(data, bytes);
    this.settle();
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
    this.ready = undefined;
    this.waiting.clear();
    this.settle();
  }

  /** Calls `done` when `messages` has completed, or nobody is left to whom what was received could go. */
  whenDone(done: () => void): void {
    this.done = this.done.concat(done);
    this.settle();
  }

  private add(kind: Kind, subscriber: Subscriber<unknown>): () => void {
    if (this.isFinished) {
      subscriber.complete();
      return () => {};
    }
    const leave = this.readers.add(kind, subscriber);
    this.pumpLater();
    this.settle();
    return () => {
      leave();
      this.settle();
    };
  }

  private pumpLater(): void {
    if (!this.isEmpty) this.transport.clock.later(() => this.pump());
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    while (!this.isEmpty && this.isFlowing) {
      const { ready } = this;
      if (ready !== undefined) {
        this.ready = undefined;
        this.delivered(ready.data, ready.value);
        continue;
      }
      this.deliver(this.waiting.shift());
    }
    this.pumping = false;
    this.settle();
  }

  private deliver(data: Data): void {
    const { codec } = this.settings;
    if (codec === undefined || !this.readers.decoded) {
      this.delivered(data, data);
      return;
    }
    this.delivering = true;
    // Until it is known what this one is nothing else is delivered: the order is kept.
    const { clock } = this.transport;
    const fail = (error: unknown): void => {
      if (!this.discarded) this.events.unreadable(error);
      this.discard();
      this.delivered(data, undefined);
    };
    const done = (value: unknown): void => {
      if (this.discarded || (this.readers.count > 0 && !this.holds.isHeld)) this.delivered(data, value);
      else {
        this.ready = { data, value };
        this.delivering = false;
        this.settle();
      }
    };
    decode(codec, data, done, fail, { clock, timeoutMs: this.settings.unreadTimeoutMs });
  }

  private delivered(data: Data, value: unknown): void {
    this.delivering = true;
    if (!this.discarded) this.readers.next(data, value);
    this.delivering = false;
    if (!this.isDirect && (this.ended || !this.isEmpty)) this.pump();
  }

  /** Pauses or resumes the socket, starts or stops the wait for a reader, and ends, as things stand now. */
  private settle(): void {
    const { readAheadBytes, maxQueuedBytes, unreadTimeoutMs, codec } = this.settings;
    const { transport, paused, isEmpty } = this;
    const open = !this.ended && !this.discarded;
    const isTaken = this.readers.count > 0 && !this.holds.isHeld;
    const waits = open && !isEmpty;
    const pause = waits && this.waiting.bytes >= (paused ? readAheadBytes / 4 : readAheadBytes);
    this.isDirect = open && isEmpty && isTaken && codec === undefined;
    if (pause !== paused) {
      this.paused = pause;
      if (pause) transport.pause();
      else transport.resume();
    }
    if (waits && this.readers.count === 0 && !this.holds.isHeld) {
      this.unreadAlarm ??= new Alarm(transport.clock, unreadTimeoutMs, () => this.events.unread());
      this.unreadAlarm.set();
    } else this.unreadAlarm?.clear();
    if (waits && !transport.capabilities.hold && this.waiting.bytes > maxQueuedBytes) this.events.unread();
    if (this.isFinished) this.readers.complete();
    if (!this.isFinished && !(this.ended && this.readers.count === 0)) return;
    const { done } = this;
    this.done = NOBODY;
    for (const told of done) told();
  }

  private get isEmpty(): boolean {
    return this.ready === undefined && this.waiting.isEmpty;
  }

  private get isFlowing(): boolean {
    return !this.holds.isHeld && this.readers.count > 0 && !this.delivering && !this.discarded;
  }

  private get isFinished(): boolean {
    return this.ended && this.isEmpty && !this.delivering;
  }
}
