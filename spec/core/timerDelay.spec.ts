import { describe, expect, it } from '@jest/globals';
import { timerDelay } from '../../src/core/timerDelay.ts';

describe('timerDelay', () => {
  it.each([
    [0, 0],
    [10_000, 10_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [Infinity, 2 ** 31 - 1],
  ])('%p is %p', (delayMs, expected) => {
    expect(timerDelay(delayMs)).toBe(expected);
  });
});
