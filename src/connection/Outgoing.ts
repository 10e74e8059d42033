import type { Observable } from 'rxjs';
import type { Fragment } from '../core/Fragment.ts';
import type { Outbound } from '../core/Outbound.ts';
import type { Ping } from '../core/Ping.ts';
import type { Payload, Slot } from '../core/Slot.ts';
import type { Transport } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import { Backlog } from './Backlog.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import type { Lane } from './Lane.ts';
import { Lanes } from './Lanes.ts';
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
  readonly lanes: Lanes;
  private behind: Backlog | undefined;
  /** Bytes stayed behind a flush, and most of them have not left yet. */
  private full = false;
  private flushAsked = false;
  private open = true;
  private afterFlush: (() => void) | undefined;
  readonly room: Room = new Room(true);
  private socketRoom: Room | undefined;
  /** How often something was written: who feeds an endless source yields when it changes. */
  windows = 0;

  constructor(transport: Transport, settings: ConnectionSettings, overflow: (reason: string) => void) {
    this.transport = transport;
    this.settings = settings;
    this.overflow = overflow;
    this.lanes = new Lanes(settings);
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
    return this.isOpen && this.hasRoom && (this.behind === undefined || this.lanes.main.bytes < this.settings.highWaterBytes);
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

  get bufferedBytes(): number {
    return this.queue.bytes + (this.behind?.bytes ?? 0) + this.transport.bufferedBytes;
  }

  /** In order with all that was sent, behind any message in parts. */
  send(payload: Payload, lane: Lane = this.lanes.main, key?: unknown): boolean {
    if (!this.isOpen) return false;
    const waits = this.full || this.behind !== undefined;
    // What goes through at once needs no place in which it could be found again.
    if (!waits && lane === this.lanes.main && !lane.conflates) return this.enqueue(payload, lane);
    if (waits && lane.replace(payload, key)) return true;
    const slot = lane.add(payload, key);
    if (this.behind === undefined) return this.enqueue(slot, lane);
    this.behind.push(slot);
    this.tell();
    return this.judge(lane);
  }

  /** A ping is dropped with the connection only. */
  sendPing(ping: Ping): boolean {
    if (!this.isOpen) return false;
    if (this.behind === undefined) return this.enqueue(ping, this.lanes.main);
    this.behind.push(ping);
    return true;
  }

  /** The next part of the message in parts whose turn it is. */
  sendPart(part: Fragment): boolean {
    if (!this.open) return false;
    const { parts } = this.lanes;
    return this.enqueue(this.full ? parts.add(part, undefined) : part, parts);
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
    const taken = this.behind?.release((item) => this.enqueue(item, this.lanes.main)) ?? false;
    if (!taken) this.behind = undefined;
    this.tell();
    if (this.afterFlush !== undefined) this.flush();
  }

  /** The message in parts was given up half-way: no data may follow it, so what waited behind it is dropped. */
  breakTurn(): void {
    const unsent = new SendQueue();
    this.behind?.spill((item) => unsent.push(item));
    this.behind = undefined;
    this.lanes.report(unsent.drop());
    if (this.afterFlush !== undefined) this.flush();
  }

  /** Writes what was sent in this turn, unless the socket is full. */
  flushNow(): void {
    if (!this.full && !this.queue.isEmpty) this.flush();
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
    this.behind?.spill((item) => this.queue.push(item));
    this.lanes.report(this.queue.drop());
    this.tell();
    this.room.complete();
    this.lanes.end();
  }

  private flush(): void {
    const { transport, queue, settings } = this;
    if (!this.open) return;
    transport.write(queue, settings.highWaterBytes);
    this.windows++;
    queue.turnBytes = 0;
    const { isEmpty } = queue;
    if (!isEmpty) {
      // `drained` wakes us: what stays does so behind bytes that are under way.
      if (!this.full) this.stay();
    } else if (this.full && transport.bufferedBytes <= settings.lowWaterBytes) {
      this.full = false;
      this.stalled.clear();
    }
    this.tell();
    if (isEmpty && this.behind === undefined) this.afterFlush?.();
  }

  private stay(): void {
    this.full = true;
    this.stalled.set();
    this.queue.settle(this.lanes.of);
  }

  private enqueue(item: Outbound | Slot, lane: Lane): boolean {
    this.queue.push(item);
    if (this.full) return this.judge(lane);
    if (!this.flushAsked) {
      this.flushAsked = true;
      this.transport.clock.later(() => {
        this.flushAsked = false;
        this.flushNow();
      });
    }
    if (this.queue.turnBytes < this.settings.highWaterBytes) return true;
    this.flush();
    return this.judge(lane);
  }

  /** Judged after a flush was tried: a burst to a peer that reads is no overflow. */
  private judge(lane: Lane): boolean {
    if (!this.full && this.behind === undefined) return this.open;
    const verdict = lane.judge();
    if (verdict === 'overflow') this.overflow(`more than ${lane.bound} wait for the peer`);
    return verdict === 'taken' && this.open;
  }

  private tell(): void {
    this.socketRoom?.tell(this.hasRoom);
    this.room.tell(this.isWritable);
  }
}
