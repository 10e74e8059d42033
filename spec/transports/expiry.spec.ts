import { describe, expect, it } from '@jest/globals';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { expiry } from '../../src/transports/expiry.ts';

const marbles = (body: (helpers: RunHelpers) => void): void =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);

describe('expiry', () => {
  it('emits once, in so many milliseconds', () => {
    marbles(({ expectObservable }) => {
      expectObservable(expiry(5)).toBe('-----(0|)', { 0: 0 });
      expectObservable(expiry(0)).toBe('(0|)', { 0: 0 });
    });
  });

  it('leaves no timer to who goes before', () => {
    marbles(({ expectObservable }) => {
      expectObservable(expiry(5), '--!').toBe('---');
    });
  });

  it.each([Infinity, 2 ** 31, NaN])('is never in %p ms, which no timer can wait', (delayMs) => {
    marbles(({ expectObservable }) => expectObservable(expiry(delayMs)).toBe('-'));
  });

  it('waits as long as a timer can', () => {
    marbles(({ expectObservable }) => {
      expectObservable(expiry(2 ** 31 - 1)).toBe('2147483647ms (0|)', { 0: 0 });
    });
  });
});
