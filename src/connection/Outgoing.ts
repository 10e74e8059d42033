import { Subject, type Observable } from 'rxjs';
import type { Dropped } from '../core/Dropped.ts';
import { Fifo } from '../core/Fifo.ts';
import { bytesOf, type Outbound } from '../core/Outbound.ts';
import { Ping } from '../core/Ping.ts';
import type { Transport } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { Latest } from './Latest.ts';

type Waiting = { readonly begin: () => void } | { readonly outbound: Outbound };

/**
 * From `send` to the transport. What is sent in one turn of the event loop leaves together at its end. What the socket
 * has no room for waits here, where it can still be dropped: at most `maxQueuedBytes` beyond one message.
 *
 * Bytes are counted when they have to stay: a queue that empties each turn is never measured.
 */
export class Outgoing {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly overflow: (reason: string) => void;
  private readonly queue = new Fifo<Outbound>();
  /** What was sent after a message in parts began. */
  private behind: Fifo<Waiting> | undefined;
  private behindBytes = 0;
  /** Bytes of `queue`: while `full` exact, else the length of its texts, enough to see that a window is full. */
  private queuedBytes = 0;
  /** Bytes stayed behind a flush, and most of them have not left yet. */
  private full = false;
  private flushAsked = false;
  private open = true;
  private afterFlush: (() => void) | undefined;
  private readonly stalled: Alarm;
  private writableState: Latest<boolean> | undefined;
  private roomState: Latest<boolean> | undefined;
  private drops: Subject<Dropped> | undefined;
  /** How often a whole window was written: who feeds an endless source yields when it changes. */
  windows = 0;

  constructor(transport: Transport, settings: ConnectionSettings, overflow: (reason: string) => void) {
    this.transport = transport;
    this.settings = settings;
    this.overflow = overflow;
    const { stalledTimeoutMs } = settings;
    this.stalled = new Alarm(transport.clock, stalledTimeoutMs, () => {
      overflow(`the peer read nothing for ${stalledTimeoutMs} ms`);
    });
  }

  get isOpen(): boolean {
    return this.open && this.afterFlush === undefined;
  }

  /** Whether the socket takes more: what the parts of a message wait for. */
  get hasRoom(): boolean {
    return this.open && !this.full;
  }

  /** Whether `send` should be used. */
  get isWritable(): boolean {
    return this.isOpen && this.hasRoom && this.behindBytes < this.settings.highWaterBytes;
  }

  get room(): Observable<boolean> {
    this.roomState ??= new Latest(this.hasRoom);
    return this.roomState.values;
  }

  get writable(): Observable<boolean> {
    this.writableState ??= new Latest(this.isWritable);
    if (!this.open) this.writableState.complete();
    return this.writableState.values;
  }

  get dropped(): Observable<Dropped> {
    this.drops ??= new Subject();
    if (!this.open) this.drops.complete();
    return this.drops.asObservable();
  }

  get bufferedBytes(): number {
    return (this.full ? this.queuedBytes : this.measure()) + this.behindBytes + this.transport.bufferedBytes;
  }

  /** In order with all that was sent, behind any message in parts. */
  send(outbound: Outbound): boolean {
    if (!this.isOpen) return false;
    if (this.behind === undefined) return this.push(outbound);
    this.behind.push({ outbound });
    this.behindBytes += bytesOf(outbound);
    return this.judge();
  }

  /** As the next part of the message in parts whose turn it is. */
  push(outbound: Outbound): boolean {
    if (!this.open) return false;
    this.queue.push(outbound);
    if (this.full) {
      this.queuedBytes += bytesOf(outbound);
      return this.judge();
    }
    this.queuedBytes += lengthOf(outbound);
    if (!this.flushAsked) {
      this.flushAsked = true;
      this.transport.clock.later(this.flushInTurn);
    }
    if (this.queuedBytes < this.settings.highWaterBytes) return true;
    this.flush();
    return this.judge();
  }

  /** Calls `begin` when no other message is being sent in parts; its parts are over with `endTurn`. */
  takeTurn(begin: () => void): void {
    if (this.behind !== undefined) {
      this.behind.push({ begin });
      return;
    }
    this.behind = new Fifo();
    begin();
  }

  /** The message in parts is done: what waited behind it follows, up to the next one. */
  endTurn(): void {
    for (let next = this.behind?.shift(); next !== undefined; next = this.behind?.shift()) {
      if ('begin' in next) {
        next.begin();
        return;
      }
      this.behindBytes -= bytesOf(next.outbound);
      this.push(next.outbound);
    }
    this.behind = undefined;
    this.tell();
    if (this.afterFlush !== undefined) this.flush();
  }

  /** Writes what the window has room for. */
  flush(): void {
    const { transport, queue, settings } = this;
    if (!this.open) return;
    transport.write(queue, settings.highWaterBytes);
    this.windows++;
    if (queue.length > 0) {
      this.queuedBytes = this.measure();
      if (!this.full) this.fill();
      return;
    }
    this.queuedBytes = 0;
    if (this.full && transport.bufferedBytes <= settings.lowWaterBytes) {
      this.full = false;
      this.stalled.clear();
      this.tell();
    }
    if (this.afterFlush !== undefined && this.behind === undefined) this.afterFlush();
  }

  /** Writes what was sent in this turn, unless the socket is full. */
  flushNow(): void {
    if (!this.full && this.queue.length > 0) this.flush();
  }

  drained(): void {
    this.stalled.postpone();
    const waits = this.full || this.afterFlush !== undefined;
    if (waits && this.transport.bufferedBytes <= this.settings.lowWaterBytes) this.flush();
  }

  /** Takes nothing more, and calls `done` when all that was taken is in the socket. */
  finish(done: () => void): void {
    if (!this.isOpen) return;
    this.afterFlush = () => {
      this.end();
      done();
    };
    this.tell();
    this.flush();
  }

  /** The last moment before a close frame leaves: writes what fits, and drops the rest. */
  cut(): void {
    this.flush();
    this.end();
  }

  /** Drops all that has not left. */
  end(): void {
    if (!this.open) return;
    this.open = false;
    this.stalled.clear();
    this.drop();
    this.tell();
    this.writableState?.complete();
    this.drops?.complete();
  }

  private drop(): void {
    let count = 0;
    let bytes = 0;
    const add = (outbound: Outbound): void => {
      if (outbound instanceof Ping) return;
      count++;
      bytes += bytesOf(outbound);
    };
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) add(next);
    for (let next = this.behind?.shift(); next !== undefined; next = this.behind?.shift()) {
      if ('outbound' in next) add(next.outbound);
    }
    this.queuedBytes = this.behindBytes = 0;
    if (count > 0) this.drops?.next({ count, bytes });
  }

  private readonly flushInTurn = (): void => {
    this.flushAsked = false;
    this.flushNow();
  };

  /** Bytes had to stay. `drained` wakes us, since what stays does so behind bytes that are under way. */
  private fill(): void {
    this.full = true;
    this.stalled.set();
    this.tell();
  }

  /** Judged after a flush was tried: a burst to a peer that reads is no overflow. */
  private judge(): boolean {
    const bytes = (this.full ? this.queuedBytes : 0) + this.behindBytes;
    const count = this.queue.length + (this.behind?.length ?? 0);
    if (bytes > this.settings.maxQueuedBytes && count > 1) {
      this.overflow(`more than ${this.settings.maxQueuedBytes} bytes wait for the peer`);
      return false;
    }
    if (this.behindBytes > 0) this.tell();
    return this.open;
  }

  private measure(): number {
    let bytes = 0;
    for (let i = 0; i < this.queue.length; i++) bytes += bytesOf(this.queue.at(i)!);
    return bytes;
  }

  private tell(): void {
    this.roomState?.set(this.hasRoom);
    this.writableState?.set(this.isWritable);
  }
}

function lengthOf(outbound: Outbound): number {
  return typeof outbound === 'string' ? outbound.length : bytesOf(outbound);
}
