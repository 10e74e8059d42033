import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { Alarm } from '../../src/connection/Alarm.ts';
import { virtualClock } from '../../src/testing/virtualClock.ts';

/** The moments at which it rings, where `script` is done by the clock. */
function rings(
  delayMs: number,
  script: Readonly<Record<number, (alarm: Alarm) => void>>,
  earlyMs = 0,
): number[] {
  const scheduler = new VirtualTimeScheduler();
  const clock = virtualClock(scheduler);
  const moments: number[] = [];
  const early = { ...clock, schedule: (task: () => void, ms: number) => clock.schedule(task, ms - earlyMs) };
  const alarm = new Alarm(early, delayMs, () => moments.push(clock.now()));
  for (const [at, action] of Object.entries(script)) clock.schedule(() => action(alarm), Number(at));
  scheduler.flush();
  return moments;
}

const set = (alarm: Alarm): void => alarm.set();
const postpone = (alarm: Alarm): void => alarm.postpone();
const clear = (alarm: Alarm): void => alarm.clear();

describe('Alarm', () => {
  it.each<[string, Parameters<typeof rings>, number[]]>([
    ['never where it is not set', [5, {}], []],
    ['once, when it was set long enough ago', [5, { 2: set }], [7]],
    ['set twice, the first one counts', [5, { 2: set, 4: set }], [7]],
    ['again when it is set again', [5, { 2: set, 9: set }], [7, 14]],
    ['not when it was cleared in time', [5, { 2: set, 6: clear }], []],
    ['anew after it was cleared', [5, { 2: set, 6: clear, 8: set }], [13]],
    ['as much later as it was postponed', [5, { 2: set, 6: postpone, 9: postpone }], [14]],
    ['not because it was postponed', [5, { 2: postpone }], []],
    ['never, when that is how long it waits', [Infinity, { 2: set }], []],
    ['at once, in a later turn', [0, { 2: set }], [2]],
  ])('rings %s', (_name, script, moments) => {
    expect(rings(...script)).toEqual(moments);
  });

  it('rings, though its timer fires a fraction of a millisecond early', () => {
    expect(rings(5, { 2: set }, 0.4)).toEqual([6.6]);
  });
});
