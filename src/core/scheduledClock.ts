import type { SchedulerLike } from 'rxjs';
import type { Clock } from './Clock.ts';

/** No scheduler over timers takes a longer delay; it would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The time of `scheduler`, where one is given, and the turns of `platform`. */
export function scheduledClock(platform: Clock, scheduler: SchedulerLike | undefined): Clock {
  if (scheduler === undefined) return platform;
  return {
    now: () => scheduler.now(),
    later: (task) => platform.later(task),
    afterIo: (task) => platform.afterIo(task),
    schedule: (task, delayMs) => {
      const action = scheduler.schedule(() => task(), Math.min(delayMs, MAX_DELAY_MS));
      return () => action.unsubscribe();
    },
  };
}
