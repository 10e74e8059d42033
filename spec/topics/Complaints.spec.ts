import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Complaints } from '../../src/topics/Complaints.ts';
import { virtualClock } from '../../src/testing/virtualClock.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import { VirtualTimeScheduler } from 'rxjs';

describe('Complaints', () => {
  afterEach(() => {
    surroundings.clock = undefined;
  });

  it('tells onError each one, and survives it', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const told: unknown[] = [];
    const complaints = new Complaints((error, topic) => {
      told.push(error, topic);
      throw new Error('of the user');
    });
    complaints.report('first', 'a');
    complaints.report('second', 'b');
    expect(told).toEqual(['first', 'a', 'second', 'b']);
    expect(warn).toHaveBeenCalled();
  });

  it('warns once in ten seconds, and counts the others', () => {
    const scheduler = new VirtualTimeScheduler();
    surroundings.clock = virtualClock(scheduler);
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const said = (): unknown[] => warn.mock.calls.map(([message]) => message);
    const complaints = new Complaints(undefined);
    for (const error of ['one', 'two', 'three']) complaints.report(error, 'a');
    expect(said()).toEqual(['one']);
    scheduler.frame = 10_000;
    complaints.report('four', 'a');
    expect(said()).toEqual(['one', 'four', expect.stringContaining('2 more errors')]);
  });
});
