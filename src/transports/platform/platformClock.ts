import type { Clock } from '../../core/Clock.ts';
import { stagedClock } from '../../core/surroundings.ts';

/** Real time on any platform. */
export const platformClock: Clock = stagedClock({
  now: () => performance.now(),
  later: (task) => queueMicrotask(task),
  afterIo: (task) => {
    setTimeout(task, 0);
  },
  schedule: (task, delayMs) => {
    // No platform takes a longer delay; it would fire at once.
    const timer: unknown = setTimeout(task, Math.min(delayMs, 2 ** 31 - 1));
    // Where a timer keeps a process alive, it can be told not to.
    (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as number);
  },
});
