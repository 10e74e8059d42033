import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { virtualClock } from '../../../src/testing/virtualClock.ts';
import { PingGate, type PingTerms } from '../../../src/transports/ws/PingGate.ts';
import { pass } from '../../core/passing.ts';

function gateOf(terms: PingTerms, isPaused = false) {
  const scheduler = new VirtualTimeScheduler();
  const calls: string[] = [];
  const note = (what: string) => (): void => void calls.push(`${what} ${scheduler.now()}`);
  const transport = {
    clock: virtualClock(scheduler),
    resume: note('resume'),
    exceeded: (code: number, reason: string) => void calls.push(`${code} ${reason}`),
  };
  const gate = new PingGate({ isPaused, pause: note('pause') }, transport, terms, note('opened'));
  return { gate, calls, scheduler };
}

describe('PingGate', () => {
  it('lets so many through in a second, counted from the first, and then pauses', () => {
    const { gate, calls, scheduler } = gateOf({ maxPingsPerSecond: 2 });
    expect([gate.pass(), gate.pass()]).toEqual([true, true]);
    pass(scheduler, 400);
    expect([gate.pass(), gate.pass(), gate.isShut]).toEqual([false, false, true]);
    pass(scheduler, 600);
    expect(calls).toEqual(['pause 400', 'resume 1000', 'opened 1000']);
    expect([gate.isShut, gate.pass(), gate.pass(), gate.pass()]).toEqual([false, true, true, false]);
  });

  it('resumes nothing that the connection does not want to read', () => {
    const { gate, calls, scheduler } = gateOf({ maxPingsPerSecond: 1 }, true);
    gate.pass();
    gate.pass();
    pass(scheduler, 1_000);
    expect(calls).toEqual(['pause 0', 'opened 1000']);
  });

  it('closes where it is told so', () => {
    const { gate, calls } = gateOf({ maxPingsPerSecond: 1, closesOnPings: true });
    expect([gate.pass(), gate.pass()]).toEqual([true, false]);
    expect(calls).toEqual(['1008 more than 1 pings a second']);
  });

  it('has a limit of 100, and none with Infinity', () => {
    const passed = (terms: PingTerms): number => {
      const { gate } = gateOf(terms);
      return Array.from({ length: 1_000 }, () => gate.pass()).filter(Boolean).length;
    };
    expect([passed({}), passed({ maxPingsPerSecond: Infinity })]).toEqual([100, 1_000]);
  });

  it('leaves no timer', () => {
    const { gate, scheduler } = gateOf({ maxPingsPerSecond: 0 });
    gate.pass();
    expect(scheduler.actions).toHaveLength(1);
    gate.clear();
    gate.clear();
    expect([gate.isShut, scheduler.actions.length]).toEqual([false, 0]);
  });
});
