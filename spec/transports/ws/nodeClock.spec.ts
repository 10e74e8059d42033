import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';

describe('nodeClock', () => {
  it('runs later tasks in order, after the present turn and with those they ask for', async () => {
    const ran: string[] = [];
    nodeClock.later(() => {
      ran.push('a');
      nodeClock.later(() => ran.push('c'));
    });
    nodeClock.later(() => ran.push('b'));
    ran.push('now');
    await new Promise(process.nextTick);
    expect(ran).toEqual(['now', 'a', 'b', 'c']);
  });

  it('lets input and output go first with afterIo', async () => {
    const ran: string[] = [];
    const immediate = new Promise<void>((done) => nodeClock.afterIo(() => done(void ran.push('afterIo'))));
    nodeClock.later(() => ran.push('later'));
    await immediate;
    expect(ran).toEqual(['later', 'afterIo']);
  });

  describe('schedule', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('runs a task once, when its time has come', () => {
      const task = jest.fn();
      nodeClock.schedule(task, 100);
      jest.advanceTimersByTime(99);
      expect(task).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1000);
      expect(task).toHaveBeenCalledTimes(1);
    });

    it('runs nothing that was cancelled', () => {
      const task = jest.fn();
      nodeClock.schedule(task, 100)();
      jest.advanceTimersByTime(1000);
      expect(task).not.toHaveBeenCalled();
    });

    it('does not fire at once for a delay that Node does not know', () => {
      const task = jest.fn();
      const cancel = nodeClock.schedule(task, 2 ** 40);
      jest.advanceTimersByTime(1_000_000);
      expect(task).not.toHaveBeenCalled();
      cancel();
    });
  });

  it('keeps no process alive', () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const cancel = nodeClock.schedule(() => {}, 60_000);
    expect(timers()).toBe(before);
    cancel();
  });
});
