import { afterEach, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { surroundings } from '../../../src/core/surroundings.ts';
import { virtualClock } from '../../../src/testing/virtualClock.ts';
import { Pulse } from '../../../src/topics/redis/Pulse.ts';

afterEach(() => {
  surroundings.clock = undefined;
});

it('asks on and on, while it is answered, and tells once when it is not', async () => {
  const scheduler = new VirtualTimeScheduler();
  surroundings.clock = virtualClock(scheduler);
  const log: string[] = [];
  const answers = [Promise.resolve(), Promise.reject(new Error('refused')), new Promise(() => undefined)];
  const pulse = new Pulse(
    10,
    () => (log.push(`${scheduler.frame} asks`), answers.shift()!),
    () => log.push(`${scheduler.frame} dead`),
  );
  pulse.start();
  for (let end = 10; end < 60; end += 10) {
    await new Promise((later) => setImmediate(later));
    scheduler.maxFrames = end;
    scheduler.flush();
  }
  expect(log).toEqual(['0 asks', '10 asks', '20 asks', '30 dead']);
});

it('tells nothing when it has stopped, or has begun anew', () => {
  const scheduler = new VirtualTimeScheduler();
  surroundings.clock = virtualClock(scheduler);
  const log: string[] = [];
  const never = new Promise(() => undefined);
  const pulse = new Pulse(
    10,
    () => never,
    () => log.push(`${scheduler.frame} dead`),
  );
  pulse.start();
  scheduler.schedule(() => pulse.start(), 5);
  scheduler.schedule(() => pulse.stop(), 14);
  scheduler.flush();
  expect(log).toEqual([]);
});
