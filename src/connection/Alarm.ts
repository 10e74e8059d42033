import type { Clock } from '../core/Clock.ts';

/** Rings once when it was set `delayMs` ago and not postponed since. `Infinity` never rings. */
export class Alarm {
  private readonly clock: Clock;
  private readonly delayMs: number;
  private readonly ring: () => void;
  private since = 0;
  private cancel: (() => void) | undefined;

  constructor(clock: Clock, delayMs: number, ring: () => void) {
    this.clock = clock;
    this.delayMs = delayMs;
    this.ring = ring;
  }

  /** Starts the wait; does nothing where it has started. */
  set(): void {
    if (this.cancel !== undefined || this.delayMs === Infinity) return;
    this.since = this.clock.now();
    this.wait(this.delayMs);
  }

  /** Starts the wait anew. Cheap: the timer runs on, and looks again when it fires. */
  postpone(): void {
    this.since = this.clock.now();
  }

  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private wait(delayMs: number): void {
    this.cancel = this.clock.schedule(() => {
      this.cancel = undefined;
      const leftMs = this.since + this.delayMs - this.clock.now();
      // A timer may fire a fraction of a millisecond early.
      if (leftMs >= 1) this.wait(leftMs);
      else this.ring();
    }, delayMs);
  }
}
