import type { Observable } from 'rxjs';
import type { Ping } from '../core/Ping.ts';
import type { Payload, Slot } from '../core/Slot.ts';
import type { Transport } from '../core/Transport.ts';
import type { Backlog } from './Backlog.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import type { Engine } from './Engine.ts';
import { giveUp } from './giveUp.ts';
import type { Lane } from './Lane.ts';
import { Lanes } from './Lanes.ts';
import { Room } from './Room.ts';
import { Window, type WindowEvents } from './Window.ts';

/**
 * From `send` to the transport. What the socket has no room for waits here, where it can still be dropped: at most
 * `maxQueuedBytes` of each lane, beyond one message.
 */
export class Outgoing implements WindowEvents {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly engine: Engine;
  readonly lanes: Lanes;
  readonly window: Window;
  /** What was sent after a message in parts began; see `turns`. */
  behind: Backlog | undefined;
  isAlive = true;
  private afterFlush: (() => void) | undefined;
  readonly room: Room = new Room(true, (isWritable) => this.engine.owner?.balance(isWritable));
  private windowRoom: Room | undefined;

  constructor(transport: Transport, settings: ConnectionSettings, engine: Engine) {
    this.transport = transport;
    this.settings = settings;
    this.engine = engine;
    this.lanes = new Lanes(settings, (error) => engine.report(error));
    this.window = new Window(transport, settings, this);
  }

  get isOpen(): boolean {
    return this.isAlive && this.afterFlush === undefined;
  }

  /** The socket takes more: what the parts of a message wait for. */
  get hasRoom(): boolean {
    return this.isAlive && !this.window.isFull;
  }

  /** Whether `send` should be used. */
  get isWritable(): boolean {
    if (!this.isOpen || !this.hasRoom) return false;
    return this.behind === undefined || this.lanes.main.bytes < this.settings.highWaterBytes;
  }

  /** As `hasRoom`, now and at each change. */
  get hasRoomStates(): Observable<boolean> {
    this.windowRoom ??= new Room(this.hasRoom);
    return this.windowRoom.states;
  }

  get writable(): Observable<boolean> {
    const { states } = this.room;
    if (!this.isAlive) this.room.complete();
    return states;
  }

  get bufferedBytes(): number {
    return this.window.queuedBytes + (this.behind?.bytes ?? 0) + this.transport.bufferedBytes;
  }

  /** In order, behind any message in parts; without a lane with the policy of the connection. Throws as the lane says. */
  send(payload: Payload, lane?: Lane, key?: unknown): boolean {
    if (!this.isOpen) return false;
    const { counts } = this.settings;
    if (counts !== undefined) counts.sentMessages++;
    const waits = this.window.isFull || this.behind !== undefined;
    // What goes through at once needs no place in which it could be found again.
    if (!waits && lane === undefined) {
      this.window.push(payload);
      return this.window.isFull ? this.judge(this.lanes.main) : this.isAlive;
    }
    const own = lane ?? this.lanes.main;
    if (waits && own.replace(payload, key)) return true;
    this.put(own.add(payload, key));
    return this.judge(own);
  }

  /** A ping is dropped with the connection only. */
  sendPing(ping: Ping): boolean {
    if (this.isOpen) this.put(ping);
    return this.isOpen;
  }

  /** A message in parts is over: what it kept from ending may end. */
  goOnEnding(): void {
    if (this.afterFlush !== undefined) this.window.flush();
  }

  drained(): void {
    if (this.isAlive) this.window.drained();
  }

  /** Takes nothing more, and calls `done` when all that was taken is in the socket. */
  finish(done: () => void): void {
    if (!this.isOpen) return;
    this.afterFlush = () => {
      this.end();
      done();
    };
    this.tell();
    this.window.flush();
  }

  /** The last moment before a close frame leaves: writes what fits, and drops the rest. */
  cut(): void {
    // What was to follow the flush, our own close frame, is overtaken.
    this.afterFlush &&= () => {};
    this.window.flush();
    this.end();
  }

  /** Drops all that has not left. */
  end(): void {
    if (!this.isAlive) return;
    const { queue } = this.window;
    this.isAlive = false;
    this.window.end();
    this.afterFlush = undefined;
    this.behind?.spill((item) => queue.push(item));
    if (!queue.isEmpty) queue.drop((payload) => this.lanes.of(payload));
    this.tell();
    this.room.complete();
    this.lanes.end();
  }

  private put(item: Slot | Ping): void {
    if (this.behind === undefined) this.window.push(item);
    else {
      this.behind.push(item);
      this.tell();
    }
  }

  stalled(reason: string): void {
    giveUp(this.engine, reason);
  }

  flushed(): void {
    this.tell();
    if (this.window.queue.isEmpty && this.behind === undefined) this.afterFlush?.();
  }

  /** Judged after a flush was tried: a burst to a peer that reads is no overflow. */
  judge(lane: Lane): boolean {
    if (!this.window.isFull && this.behind === undefined) return this.isAlive;
    const verdict = lane.judge();
    if (verdict === 'overflow') giveUp(this.engine, `more than ${lane.bound} wait for the peer`);
    return verdict === 'taken' && this.isAlive;
  }

  tell(): void {
    this.windowRoom?.tell(this.hasRoom);
    this.room.tell(this.isWritable);
  }
}
