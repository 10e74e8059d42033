import { expect, it } from '@jest/globals';
import { Ping } from '../../src/core/Ping.ts';

it('a Ping is its payload, as it is', () => {
  const data = Uint8Array.of(1, 2);
  expect(new Ping(data).data).toBe(data);
});
