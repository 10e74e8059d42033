import { describe, expect, it, jest } from '@jest/globals';
import { platformClock } from '../../../src/transports/platform/platformClock.ts';

const turn = (): Promise<void> => new Promise((done) => platformClock.afterIo(done));

describe('platformClock', () => {
  it('runs what comes later in a later turn, in order, before input and output', async () => {
    const seen: string[] = [];
    platformClock.afterIo(() => seen.push('after'));
    platformClock.later(() => seen.push('first'));
    platformClock.later(() => seen.push('second'));
    expect(seen).toEqual([]);
    await turn();
    expect(seen).toEqual(['first', 'second', 'after']);
  });

  it('never goes back', () => {
    const before = platformClock.now();
    expect(platformClock.now()).toBeGreaterThanOrEqual(before);
  });

  it('schedules, and can be told not to', () => {
    jest.useFakeTimers();
    try {
      const [kept, cancelled, long] = [jest.fn(), jest.fn(), jest.fn()];
      platformClock.schedule(kept, 10);
      platformClock.schedule(cancelled, 10)();
      platformClock.schedule(long, 2 ** 40);
      jest.advanceTimersByTime(9);
      expect(kept).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1_000);
      expect(kept).toHaveBeenCalledTimes(1);
      expect(cancelled).not.toHaveBeenCalled();
      expect(long).not.toHaveBeenCalled();
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps no process alive', () => {
    const timer = { unref: jest.fn() };
    const setTimeoutSpy = jest
      .spyOn(globalThis, 'setTimeout')
      .mockReturnValue(timer as unknown as NodeJS.Timeout);
    platformClock.schedule(() => {}, 10);
    expect(setTimeoutSpy).toHaveBeenCalledTimes(1);
    expect(timer.unref).toHaveBeenCalledTimes(1);
  });
});
