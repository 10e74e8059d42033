import { asyncScheduler, type Observable, type SchedulerLike, switchMap, timer } from 'rxjs';
import type { ConnectionClosedError } from '../core/ConnectionClosedError.ts';
import { warn } from '../core/ErrorReport.ts';
import { InvalidArgumentError } from '../core/InvalidArgumentError.ts';
import { onRejection } from '../core/onRejection.ts';
import { surroundings } from '../core/surroundings.ts';
import { timerDelay } from '../core/timerDelay.ts';
import { isTemporary } from './isTemporary.ts';
import { online } from './online.ts';
import type { ReconnectConfig } from './ReconnectConfig.ts';
import { retryAfter } from './retryAfter.ts';

/** The waits of one subscription, each as long as what failed in a row before it makes it. */
export class Backoff {
  readonly scheduler: SchedulerLike;
  private readonly config: ReconnectConfig;
  private failures = 0;

  constructor(config: ReconnectConfig) {
    this.config = config;
    this.scheduler = config.scheduler ?? asyncScheduler;
  }

  /** Throws an `InvalidArgumentError` for what would dial without a wait, or count nothing. */
  static check({
    initialMs = 250,
    maxMs = 30_000,
    attempts = Infinity,
    stableMs = 5_000,
  }: ReconnectConfig): void {
    if (initialMs >= 0 && maxMs >= 0 && attempts >= 0 && stableMs >= 0) return;
    throw new InvalidArgumentError(
      `reconnect takes numbers of 0 or more, not initialMs ${initialMs}, maxMs ${maxMs}, attempts ${attempts}, stableMs ${stableMs}`,
    );
  }

  /** The milliseconds to wait after `error`. Throws it where there is no further attempt. */
  delayAfter(error: unknown): number {
    const { initialMs = 250, maxMs = 30_000, attempts = Infinity, stableMs = 5_000 } = this.config;
    if (openMsOf(error) >= stableMs) this.failures = 0;
    if (this.failures >= attempts || !this.isWorthwhile(error)) throw error;
    // An exponent without bound would make Infinity of it, and NaN of 0.
    const ceiling = Math.min(maxMs, initialMs * 2 ** Math.min(this.failures++, 40));
    // Full jitter, also behind what the server asks for: it asks all of its clients for the same.
    return timerDelay(retryAfter(error, this.scheduler.now()) + surroundings.random() * ceiling);
  }

  /** Emits once in `delayMs`, or when the platform is online again if that is later. */
  wait(delayMs: number): Observable<void> {
    return timer(delayMs, this.scheduler).pipe(switchMap(online));
  }

  private isWorthwhile(error: unknown): boolean {
    const byDefault = isTemporary(error);
    const { when } = this.config;
    if (when === undefined) return byDefault;
    const answer: unknown = when(error, byDefault);
    onRejection(answer, warn);
    return answer === true;
  }
}

/** How long the connection was open that ended with `error`; 0 where there was none, or nobody knows. */
function openMsOf(error: unknown): number {
  try {
    const { code, close } = Object(error) as Partial<ConnectionClosedError>;
    return code === 'CONNECTION_CLOSED' ? (close?.openMs ?? 0) : 0;
  } catch {
    return 0;
  }
}
