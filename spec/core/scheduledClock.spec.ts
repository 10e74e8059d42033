import { describe, expect, it, jest } from '@jest/globals';
import { asyncScheduler, VirtualTimeScheduler } from 'rxjs';
import type { Clock } from '../../src/core/Clock.ts';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import { pass } from './passing.ts';

const platform = (): jest.Mocked<Clock> => ({
  now: jest.fn(() => -1),
  later: jest.fn(),
  afterIo: jest.fn(),
  schedule: jest.fn<Clock['schedule']>(),
});

describe('scheduledClock', () => {
  it('is the clock of the platform where no scheduler is given', () => {
    const real = platform();
    expect(scheduledClock(real, undefined)).toBe(real);
  });

  it('has the time of the scheduler and the turns of the platform', () => {
    const real = platform();
    const time = new VirtualTimeScheduler();
    const clock = scheduledClock(real, time);
    const [first, cancelled, turn, io] = [jest.fn(), jest.fn(), jest.fn(), jest.fn()];
    clock.schedule(first, 5);
    clock.schedule(cancelled, 5)();
    clock.later(turn);
    clock.afterIo(io);
    pass(time, 4);
    expect([clock.now(), first.mock.calls]).toEqual([4, []]);
    pass(time, 6);
    expect([clock.now(), first.mock.calls]).toEqual([10, [[]]]);
    expect(cancelled).not.toHaveBeenCalled();
    expect(time.actions).toEqual([]);
    expect([real.later.mock.calls, real.afterIo.mock.calls]).toEqual([[[turn]], [[io]]]);
    expect([real.now.mock.calls, real.schedule.mock.calls]).toEqual([[], []]);
  });

  it('does not fire at once for a delay that no timer knows', () => {
    jest.useFakeTimers();
    try {
      const task = jest.fn();
      const cancel = scheduledClock(platform(), asyncScheduler).schedule(task, 2 ** 40);
      jest.advanceTimersByTime(1_000_000);
      expect(task).not.toHaveBeenCalled();
      cancel();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
