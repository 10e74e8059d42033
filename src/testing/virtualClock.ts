import type { VirtualTimeScheduler } from 'rxjs';
import type { Clock } from '../core/Clock.ts';

/** Virtual time: a later turn is the same frame, behind all that was asked for before. */
export function virtualClock(scheduler: VirtualTimeScheduler): Clock {
  const later = (task: () => void): void => {
    scheduler.schedule(task);
  };
  const schedule = (task: () => void, delayMs: number): (() => void) => {
    const action = scheduler.schedule(task, delayMs);
    return () => action.unsubscribe();
  };
  return { now: () => scheduler.now(), later, afterIo: later, schedule };
}
