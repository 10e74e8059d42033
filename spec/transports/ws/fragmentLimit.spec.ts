import { describe, expect, it } from '@jest/globals';
import { fragmentLimit } from '../../../src/transports/ws/fragmentLimit.ts';

describe('fragmentLimit', () => {
  it.each([
    [undefined, 16_384],
    [3, 3],
    [Infinity, 0],
  ])('%p is %p for ws', (given, maxFragments) => {
    expect(fragmentLimit(given)).toEqual({ maxFragments });
  });
});
