import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { virtualClock } from '../../../src/testing/virtualClock.ts';
import { PingGate } from '../../../src/transports/ws/PingGate.ts';
import { pass } from '../../core/passing.ts';

describe('PingGate', () => {
  it('lets so many through in a second, counted from the first', () => {
    const scheduler = new VirtualTimeScheduler();
    const gate = new PingGate(virtualClock(scheduler), 2, true);
    expect([gate.pass(), gate.pass(), gate.pass()]).toEqual([true, true, false]);
    pass(scheduler, 999);
    expect(gate.pass()).toBe(false);
    pass(scheduler, 1);
    expect([gate.pass(), gate.pass(), gate.pass()]).toEqual([true, true, false]);
  });

  it('is shut until the second is over', () => {
    const scheduler = new VirtualTimeScheduler();
    const gate = new PingGate(virtualClock(scheduler), 1, true);
    gate.pass();
    pass(scheduler, 400);
    let openedAt: number | undefined;
    gate.shut(() => (openedAt = scheduler.now()));
    expect(gate.isShut).toBe(true);
    pass(scheduler, 2_000);
    expect([gate.isShut, openedAt]).toEqual([false, 1_000]);
  });

  it('forgets it', () => {
    const scheduler = new VirtualTimeScheduler();
    const gate = new PingGate(virtualClock(scheduler), 1, true);
    gate.shut(() => {
      throw new Error('opened');
    });
    gate.clear();
    gate.clear();
    expect([gate.isShut, scheduler.actions.length]).toEqual([false, 0]);
  });
});
