import { describe, expect, it } from '@jest/globals';
import { map, type Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import { expiry } from '../../src/transports/expiry.ts';
import { platformClock } from '../../src/transports/platform/platformClock.ts';

type Helpers = RunHelpers & { in: (delayMs: number) => Observable<string> };

function marbles(body: (helpers: Helpers) => void): void {
  const time = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  const clock = scheduledClock(platformClock, time);
  time.run((helpers) => body({ ...helpers, in: (delayMs) => expiry(delayMs, clock).pipe(map(() => 'x')) }));
}

describe('expiry', () => {
  it('emits once, in so many milliseconds', () => {
    marbles((helpers) => {
      helpers.expectObservable(helpers.in(5)).toBe('-----(x|)');
      helpers.expectObservable(helpers.in(0)).toBe('(x|)');
    });
  });

  it('leaves no timer to who goes before', () => {
    const time = new TestScheduler(() => {});
    const subscription = expiry(5, scheduledClock(platformClock, time)).subscribe();
    expect(time.actions).toHaveLength(1);
    subscription.unsubscribe();
    expect(time.actions).toEqual([]);
  });

  it.each([Infinity, 2 ** 31, NaN])('is never in %p ms, which no timer can wait', (delayMs) => {
    marbles((helpers) => helpers.expectObservable(helpers.in(delayMs)).toBe('-'));
  });

  it('waits as long as a timer can', () => {
    marbles((helpers) => helpers.expectObservable(helpers.in(2 ** 31 - 1)).toBe('2147483647ms (x|)'));
  });
});
