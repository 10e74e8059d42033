import type { Outbound } from '../core/Outbound.ts';
import type { Slot } from '../core/Slot.ts';
import type { Transport } from '../core/Transport.ts';
import { Alarm } from './Alarm.ts';
import type { ConnectionSettings } from './ConnectionConfig.ts';
import type { Lanes } from './Lanes.ts';
import { SendQueue } from './SendQueue.ts';

/** Whom a window tells. */
export interface WindowEvents {
  /** It was written to, and is perhaps full now, or empty, or has room again. */
  flushed(): void;
  stalled(reason: string): void;
  /** Where what is queued without a slot belongs. */
  readonly lanes: Lanes;
}

/**
 * The queue in front of the socket, and how much of it is inside: at most `highWaterBytes`. What is queued in one turn of
 * the event loop is written at its end, or as soon as it fills the window.
 */
export class Window {
  private readonly transport: Transport;
  private readonly settings: ConnectionSettings;
  private readonly events: WindowEvents;
  private alarm: Alarm | undefined;
  private made: SendQueue | undefined;
  /** Bytes stayed behind a write, and most of them have not left yet. */
  isFull = false;
  private isAsked = false;
  /** One function for all turns. */
  private endOfTurn: (() => void) | undefined;
  /** How often something was written: who feeds an endless source yields when it changes. */
  writes = 0;

  constructor(transport: Transport, settings: ConnectionSettings, events: WindowEvents) {
    this.transport = transport;
    this.settings = settings;
    this.events = events;
  }

  /** Made with the first message. */
  get queue(): SendQueue {
    this.made ??= new SendQueue();
    return this.made;
  }

  /** Payload bytes that wait in front of the socket. */
  get queuedBytes(): number {
    return this.made?.bytes ?? 0;
  }

  push(item: Outbound | Slot): void {
    this.queue.push(item);
    if (this.isFull) return;
    if (!this.isAsked) {
      this.isAsked = true;
      this.endOfTurn ??= () => {
        this.isAsked = false;
        this.flushTurn();
      };
      this.transport.clock.later(this.endOfTurn);
    }
    if (this.queue.turnBytes >= this.settings.highWaterBytes) this.flush();
  }

  /** Writes what was queued in this turn, unless the socket is full. */
  flushTurn(): void {
    if (!this.isFull && !this.queue.isEmpty) this.flush();
  }

  /** Writes what there is room for. */
  flush(): void {
    const { transport, queue, settings } = this;
    transport.write(queue, settings.highWaterBytes);
    this.writes++;
    queue.turnBytes = 0;
    if (!queue.isEmpty) this.stay();
    // One message may be larger than the window: nothing stays behind it, and it waits for the peer all the same.
    else if (!this.isFull && transport.bufferedBytes > settings.highWaterBytes) this.watch();
    else if (this.isFull && transport.bufferedBytes <= settings.lowWaterBytes) {
      this.isFull = false;
      this.alarm?.clear();
    }
    this.events.flushed();
  }

  /** Bytes have left. */
  drained(): void {
    if (this.alarm === undefined) return;
    this.alarm.postpone();
    if (this.transport.bufferedBytes > this.settings.lowWaterBytes) return;
    if (this.isFull) this.flush();
    else this.alarm.clear();
  }

  /** Nothing more is watched for. */
  end(): void {
    this.alarm?.clear();
  }

  private stay(): void {
    // `drained` wakes us: what stays does so behind bytes that are under way.
    if (this.isFull) return;
    this.isFull = true;
    this.watch();
    this.queue.settle((payload) => this.events.lanes.of(payload));
  }

  /** Bytes are under way: the peer has to read some of them in time. */
  private watch(): void {
    this.alarm ??= this.newAlarm();
    this.alarm.set();
  }

  private newAlarm(): Alarm {
    const { stalledTimeoutMs } = this.settings;
    return new Alarm(this.transport.clock, stalledTimeoutMs, () => {
      this.events.stalled(`the peer read nothing for ${stalledTimeoutMs} ms`);
    });
  }
}
