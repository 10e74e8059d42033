import { afterEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/core/Clock.ts';
import { stagedClock, surroundings } from '../../src/core/surroundings.ts';

/** A clock that notes what it was asked for. */
function noted(time: number): Clock & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    now: () => time,
    later: () => asked.push('later'),
    afterIo: () => asked.push('afterIo'),
    schedule: (_task, delayMs) => {
      asked.push(`schedule ${delayMs}`);
      return () => asked.push('cancel');
    },
  };
}

describe('stagedClock', () => {
  afterEach(() => {
    surroundings.clock = undefined;
  });

  const useAll = (clock: Clock): number => {
    const task = (): void => {};
    clock.later(task);
    clock.afterIo(task);
    clock.schedule(task, 5)();
    return clock.now();
  };
  const all = ['later', 'afterIo', 'schedule 5', 'cancel'];

  it('is the real clock', () => {
    const real = noted(1);
    expect(useAll(stagedClock(real))).toBe(1);
    expect(real.asked).toEqual(all);
  });

  it('is the clock of a test while there is one', () => {
    const real = noted(1);
    const staged = stagedClock(real);
    const virtual = noted(2);
    surroundings.clock = virtual;
    expect(useAll(staged)).toBe(2);
    expect(virtual.asked).toEqual(all);
    expect(real.asked).toEqual([]);
    surroundings.clock = undefined;
    expect(staged.now()).toBe(1);
  });
});

describe('surroundings.random', () => {
  it('is chance', () => {
    const values = Array.from({ length: 100 }, () => surroundings.random());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(1);
  });
});
