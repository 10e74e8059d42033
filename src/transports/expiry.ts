import { Observable } from 'rxjs';
import type { Clock } from '../core/Clock.ts';

/** Emits once, in `delayMs`, and completes. Longer than a timer can be, 24 days, is never. */
export function expiry(delayMs: number, clock: Clock): Observable<void> {
  return new Observable((subscriber) => {
    if (!(delayMs < 2 ** 31)) return undefined;
    return clock.schedule(() => {
      subscriber.next();
      subscriber.complete();
    }, delayMs);
  });
}
