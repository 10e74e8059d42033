import { describe, expect, it, jest } from '@jest/globals';
import { holdOf } from '../../src/operators/holdOf.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

describe('holdOf', () => {
  it('holds a valve once, however often it is begun, and beside the holds of others', () =>
    runMarbles(({ connection, hot, expectReading }) => {
      const valve = connection('');
      const other = valve.hold();
      const hold = holdOf(valve);
      const own = '               -bb---ee--b-e';
      const released = '          ---x';
      const reading = '           f-----t---f-t';
      hot(own).subscribe((what) => (what === 'b' ? hold.begin() : hold.end()));
      hot(released).subscribe(() => other.unsubscribe());
      expectReading(valve).toBe(reading);
    }));

  it('goes on where `resume` throws, and leaves what `pause` throws to its caller', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const source = {
      pause: jest.fn(),
      resume: () => {
        throw new Error('no');
      },
    };
    const hold = holdOf(source);
    hold.begin();
    expect(() => hold.end()).not.toThrow();
    expect(warning).toHaveBeenCalledTimes(1);
    source.pause.mockImplementation(() => {
      throw new Error('no');
    });
    expect(() => hold.begin()).toThrow('no');
  });

  it('pauses and resumes what is no valve', () => {
    const source = { pause: jest.fn(), resume: jest.fn() };
    const hold = holdOf(source);
    hold.end();
    expect(source.resume).not.toHaveBeenCalled();
    hold.begin();
    hold.begin();
    hold.end();
    expect([source.pause.mock.calls.length, source.resume.mock.calls.length]).toEqual([1, 1]);
  });
});
