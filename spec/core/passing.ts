import type { VirtualTimeScheduler } from 'rxjs';

/** Lets `ms` milliseconds pass, and all that is due in them happen: time for who is given the scheduler, beside real sockets. */
export function pass(scheduler: VirtualTimeScheduler, ms: number): void {
  const end = scheduler.frame + ms;
  scheduler.maxFrames = end;
  scheduler.flush();
  scheduler.frame = end;
}
