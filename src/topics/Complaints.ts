import { type OnError, report, warn } from '../core/ErrorReport.ts';
import { BusError } from '../core/BusError.ts';
import { nodeClock } from '../transports/ws/nodeClock.ts';

const QUIET_MS = 10_000;

/** Tells `onError` each error; without it warns at most once in ten seconds, and says how many there were meanwhile. */
export class Complaints {
  private readonly onError: ((error: unknown, topic: string) => void) | undefined;
  private warnedAt = -Infinity;
  private unsaid = 0;

  constructor(onError: ((error: unknown, topic: string) => void) | undefined) {
    this.onError = onError;
  }

  report(error: unknown, topic: string): void {
    if (this.onError !== undefined) {
      report(this.onError as OnError<string>, error, topic);
      return;
    }
    const now = nodeClock.now();
    if (now - this.warnedAt < QUIET_MS) {
      this.unsaid++;
      return;
    }
    const { unsaid } = this;
    this.warnedAt = now;
    this.unsaid = 0;
    warn(error);
    if (unsaid > 0)
      warn(new BusError(`${unsaid} more errors of topics since the last warning; onError gets each`));
  }
}
