import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { virtualClock } from '../../src/testing/virtualClock.ts';

describe('virtualClock', () => {
  it('runs later turns in the same frame, in order, and tasks in theirs', () => {
    const scheduler = new VirtualTimeScheduler();
    const clock = virtualClock(scheduler);
    const seen: string[] = [];
    const see = (what: string) => (): void => void seen.push(`${clock.now()} ${what}`);
    clock.schedule(see('five'), 5);
    clock.later(() => {
      see('later')();
      clock.later(see('after that'));
    });
    clock.afterIo(see('input'));
    const cancel = clock.schedule(see('never'), 3);
    cancel();
    cancel();
    scheduler.flush();
    expect(seen).toEqual(['0 later', '0 input', '0 after that', '5 five']);
  });
});
