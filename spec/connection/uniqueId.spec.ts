import { expect, it } from '@jest/globals';
import { uniqueId } from '../../src/connection/uniqueId.ts';

it('an id is 32 hexadecimal digits, and another one each time', () => {
  const ids = Array.from({ length: 1_000 }, uniqueId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(1_000);
});
