import { expect, it } from '@jest/globals';
import { delayMs } from '../../../src/topics/redis/delayMs.ts';

it('doubles, up to two seconds', () => {
  expect([0, 1, 2, 6, 1_000].map(delayMs)).toEqual([50, 100, 200, 2_000, 2_000]);
});
