import type { SchedulerLike } from 'rxjs';

/** When and how often `reconnect` and `link` come back. Times are in milliseconds. */
export interface ReconnectConfig {
  /** The longest wait before the first attempt; it doubles with each one that follows. Default 250. */
  initialMs?: number;
  /** The longest wait of all. Default 30 s. */
  maxMs?: number;
  /** How many attempts in a row before the last error passes on. Default `Infinity`. */
  attempts?: number;
  /**
   * How long a connection was open to count as a success, after which waits and attempts begin anew. A
   * `ConnectionClosedError` tells it (`close.openMs`); other errors begin nothing anew. Default 5 s.
   */
  stableMs?: number;
  /**
   * Whether an error is worth another attempt. `byDefault` is what is decided without this function: see `reconnect`.
   *
   * What it throws takes the place of the error. It has to answer at once: a promise is no answer, and the error passes on.
   *
   * @example
   * connect(url).pipe(reconnect({ when: (error, byDefault) => byDefault || isMine(error) }))
   */
  when?: (error: unknown, byDefault: boolean) => boolean;
  /** Where time comes from. Default `asyncScheduler`. */
  scheduler?: SchedulerLike;
}
