import type { VirtualTimeScheduler } from 'rxjs';
import type { Clock } from '../core/Clock.ts';
import type { KeepAliveConfig } from '../core/KeepAliveConfig.ts';
import type { TransportEvents } from '../core/Transport.ts';
import { KeepAlive } from '../transports/KeepAlive.ts';
import { Pulse } from '../transports/Pulse.ts';
import { MarbleScheduler } from './MarbleScheduler.ts';
import { virtualClock } from './virtualClock.ts';

/** A transport over virtual time, whose peer can be asked whether it is alive. */
export abstract class MemoryPulse extends Pulse {
  readonly clock: Clock;
  activity = 0;
  protected keepAlive: KeepAlive | undefined;
  private readonly scheduler: VirtualTimeScheduler;

  constructor(scheduler: VirtualTimeScheduler) {
    super();
    this.scheduler = scheduler;
    this.clock = virtualClock(scheduler);
  }

  /** Only where it is asked for, and in a marble test no longer than its diagrams: virtual time would not end before the connection. */
  startKeepAlive(config: KeepAliveConfig | false | undefined): void {
    if (config === undefined) return;
    const { scheduler, clock } = this;
    const schedule: Clock['schedule'] = (task, delayMs) =>
      clock.schedule(() => {
        if (!(scheduler instanceof MarbleScheduler && scheduler.isOver)) task();
      }, delayMs);
    this.keepAlive = KeepAlive.of({ ...clock, schedule }, config);
    this.keepAlive?.join(this);
  }

  protected ponged(data: Uint8Array, events: TransportEvents | undefined): void {
    const roundTripMs = this.keepAlive?.ponged(this, data);
    events?.pong(data);
    if (roundTripMs !== undefined) events?.roundTrip(roundTripMs);
  }
}
