import type { Clock } from './Clock.ts';

/** Where time and chance come from; a marble test puts its own here for as long as it runs. */
export const surroundings: { clock: Clock | undefined; random: () => number } = {
  clock: undefined,
  /** At least 0 and less than 1; virtual chance is always 1, the longest wait. */
  random: () => Math.random(),
};

/** `real`, or the clock of the marble test that runs. */
export function stagedClock(real: Clock): Clock {
  const clock = (): Clock => surroundings.clock ?? real;
  return {
    now: () => clock().now(),
    later: (task) => clock().later(task),
    afterIo: (task) => clock().afterIo(task),
    schedule: (task, delayMs) => clock().schedule(task, delayMs),
  };
}
