import type { Clock } from '../../core/Clock.ts';

/** More often than that nobody who means well asks. */
export const MAX_PINGS_PER_SECOND = 100;

const SECOND_MS = 1_000;

/** Lets so many pings through in a second, counted from the first of them. */
export class PingGate {
  private readonly clock: Clock;
  private readonly limit: number;
  private since = -Infinity;
  private count = 0;
  private cancel: (() => void) | undefined;
  /** Whether the connection wants to be read. */
  isWanted: boolean;

  constructor(clock: Clock, limit: number, isWanted: boolean) {
    this.clock = clock;
    this.limit = limit;
    this.isWanted = isWanted;
  }

  get isShut(): boolean {
    return this.cancel !== undefined;
  }

  pass(): boolean {
    const now = this.clock.now();
    if (now - this.since >= SECOND_MS) {
      this.since = now;
      this.count = 0;
    }
    return ++this.count <= this.limit;
  }

  /** Calls `open` when the second is over. */
  shut(open: () => void): void {
    const leftMs = this.since + SECOND_MS - this.clock.now();
    this.cancel = this.clock.schedule(() => {
      this.cancel = undefined;
      open();
    }, leftMs);
  }

  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
  }
}
