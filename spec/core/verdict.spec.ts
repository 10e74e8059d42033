import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { verdict } from '../../src/core/verdict.ts';

describe('verdict', () => {
  it('is the truth of the answer', () => {
    expect([true, 1, 'a', {}].map((answer) => verdict(answer, 'matches'))).toEqual([true, true, true, true]);
    expect([false, 0, '', null, undefined].some((answer) => verdict(answer, 'matches'))).toBe(false);
  });

  it('takes no promise, and leaves no rejection unhandled', async () => {
    for (const promise of [Promise.resolve(true), Promise.reject(new Error('later'))]) {
      expect(() => verdict(promise, 'matches')).toThrow('matches gave a promise');
    }
    await turn();
  });
});
