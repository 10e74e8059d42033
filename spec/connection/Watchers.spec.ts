import { finalize, Observable, Subscriber } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { Watchers } from '../../src/connection/Watchers.ts';
import { collect } from './contract/Pair.ts';

const stream = (watchers: Watchers, earlier = 0): Observable<unknown> =>
  new Observable((subscriber) => watchers.add(subscriber, earlier));

describe('Watchers', () => {
  it('shows each its own, from the message after those that were there before it', () => {
    const watchers = new Watchers(() => {});
    const first = collect(stream(watchers));
    const second = collect(stream(watchers, 2));
    for (const value of ['a', 'b', 'c']) watchers.show(value);
    expect([first.values, second.values]).toEqual([['a', 'b', 'c'], ['c']]);
  });

  it('shows to those who were there when it began, unless they have left', () => {
    const watchers = new Watchers(() => {});
    const late: unknown[] = [];
    stream(watchers).subscribe(() => {
      leaver.subscription.unsubscribe();
      stream(watchers).subscribe((value) => late.push(value));
    });
    const leaver = collect(stream(watchers));
    watchers.show('a');
    expect([leaver.values, late, watchers.count]).toEqual([[], [], 2]);
    watchers.show('b');
    expect(late).toEqual(['b']);
  });

  it('completes all, though the teardown of one throws, and has none after', () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const watchers = new Watchers(() => {});
    const fail = finalize<unknown>(() => {
      throw new Error('teardown');
    });
    stream(watchers).pipe(fail).subscribe();
    const other = collect(stream(watchers));
    watchers.complete();
    expect([other.isComplete, watchers.count, warning.mock.calls.length]).toEqual([true, 0, 1]);
  });

  it('says when somebody comes or leaves', () => {
    const changed = jest.fn();
    const leave = new Watchers(changed).add(new Subscriber(), 0);
    expect(changed).toHaveBeenCalledTimes(1);
    leave();
    expect(changed).toHaveBeenCalledTimes(2);
  });
});
