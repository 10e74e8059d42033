import { NEVER, type Observable, timer } from 'rxjs';

/** Emits once, in `delayMs`. Longer than a timer can be, 24 days, is never. */
export function expiry(delayMs: number): Observable<unknown> {
  return delayMs < 2 ** 31 ? timer(delayMs) : NEVER;
}
