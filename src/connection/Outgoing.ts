import { type Observable, Subject } from 'rxjs';
import type { Dropped } from '../core/Dropped.ts';
import type { Outbound } from '../core/Outbound.ts';
import type { Transport } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import { Backlog } from './Backlog.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import { Room } from './Room.ts';
import { SendQueue } from './SendQueue.ts';

/**
 * From `send` to the transport. What is sent in one turn of the event loop leaves together at its end. What the socket
 * has no room for waits here, where it can still be dropped: at most `maxQueuedBytes` beyond one message.
 */
export class Outgoing {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly overflow: (reason: string) => void;
  private readonly stalled: Alarm;
  private readonly queue = new SendQueue();
  private behind: Backlog | undefined;
  /** Bytes stayed behind a flush, and most of them have not left yet. */
  private full = false;
  private flushAsked = false;
  private open = true;
  private afterFlush: (() => void) | undefined;
  readonly room: Room = new Room(true);
  private socketRoom: Room | undefined;
  private drops: Subject<Dropped> | undefined;
  /** How often something was written: who feeds an endless source yields when it changes. */
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

  /** The socket takes more: what the parts of a message wait for. */
  get hasRoom(): boolean {
    return this.open && !this.full;
  }

  /** Whether `send` should be used. */
  get isWritable(): boolean {
    return this.isOpen && this.hasRoom && this.behindBytes < this.settings.highWaterBytes;
  }

  /** As `hasRoom`, now and at each change. */
  get hasRoomStates(): Observable<boolean> {
    this.socketRoom ??= new Room(this.hasRoom);
    return this.socketRoom.states;
  }

  get writable(): Observable<boolean> {
    const { states } = this.room;
    if (!this.open) this.room.complete();
    return states;
  }

  get dropped(): Observable<Dropped> {
    this.drops ??= new Subject();
    if (!this.open) this.drops.complete();
    return this.drops.asObservable();
  }

  private get behindBytes(): number {
    return this.behind?.bytes ?? 0;
  }

  get bufferedBytes(): number {
    return this.queue.bytes + this.behindBytes + this.transport.bufferedBytes;
  }

  /** In order with all that was sent, behind any message in parts. */
  send(outbound: Outbound): boolean {
    if (!this.isOpen) return false;
    if (this.behind === undefined) return this.push(outbound);
    this.behind.push(outbound);
    this.tell();
    return this.judge();
  }

  /** As the next part of the message in parts whose turn it is. */
  push(outbound: Outbound): boolean {
    if (!this.open) return false;
    this.queue.push(outbound);
    if (this.full) return this.judge();
    if (!this.flushAsked) {
      this.flushAsked = true;
      this.transport.clock.later(() => {
        this.flushAsked = false;
        this.flushNow();
      });
    }
    if (this.queue.atLeastBytes < this.settings.highWaterBytes) return true;
    this.flush();
    return this.judge();
  }

  /** Calls `begin` when no other message is being sent in parts; its parts are over with `endTurn`. */
  takeTurn(begin: () => void): void {
    if (this.behind !== undefined) {
      this.behind.pushTurn(begin);
      return;
    }
    this.behind = new Backlog();
    begin();
  }

  /** The message in parts is done: what waited behind it follows, up to the next one. */
  endTurn(): void {
    const taken = this.behind?.release((outbound) => this.push(outbound)) ?? false;
    if (!taken) this.behind = undefined;
    this.tell();
    if (this.afterFlush !== undefined) this.flush();
  }

  /** The message in parts was given up half-way: no data may follow it, so what waited behind it is dropped. */
  breakTurn(): void {
    const unsent = new SendQueue();
    this.behind?.spill((outbound) => unsent.push(outbound));
    this.behind = undefined;
    this.reportDropped(unsent);
    if (this.afterFlush !== undefined) this.flush();
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
    this.afterFlush = undefined;
    this.behind?.spill((outbound) => this.queue.push(outbound));
    this.reportDropped(this.queue);
    this.tell();
    this.room.complete();
    this.drops?.complete();
  }

  private reportDropped(queue: SendQueue): void {
    const dropped = queue.drop();
    if (dropped.count > 0) this.drops?.next(dropped);
  }

  private flush(): void {
    const { transport, queue, settings } = this;
    if (!this.open) return;
    transport.write(queue.items, settings.highWaterBytes);
    this.windows++;
    queue.measure();
    if (queue.length > 0) {
      // `drained` wakes us: what stays does so behind bytes that are under way.
      this.full = true;
      this.stalled.set();
    } else if (this.full && transport.bufferedBytes <= settings.lowWaterBytes) {
      this.full = false;
      this.stalled.clear();
    }
    this.tell();
    if (queue.length === 0 && this.behind === undefined) this.afterFlush?.();
  }

  /** Judged after a flush was tried: a burst to a peer that reads is no overflow. */
  private judge(): boolean {
    const { maxQueuedBytes } = this.settings;
    const bytes = (this.full ? this.queue.bytes : 0) + this.behindBytes;
    // An empty message counts too: else any number of them could wait.
    const count = (this.full ? this.queue.length : 0) + (this.behind?.length ?? 0);
    if (Math.max(bytes, count) > maxQueuedBytes && count > 1) {
      this.overflow(`more than ${maxQueuedBytes} bytes wait for the peer`);
      return false;
    }
    return this.open;
  }

  private tell(): void {
    this.socketRoom?.tell(this.hasRoom);
    this.room.tell(this.isWritable);
  }
}
