import { Buffer } from 'node:buffer';
import { expect, it } from '@jest/globals';
import { slotOf } from '../../../src/topics/redis/slotOf.ts';

it.each([
  // As `CLUSTER KEYSLOT` says.
  ['', 0],
  ['123456789', 12739],
  ['a', 15495],
  ['{a}b', 15495],
  ['x{a}{b}', 15495],
  ['p:{}', 15240],
  ['p:{', 15786],
  ['}{a}', 15495],
  ['ü', 9552],
])('is the slot that Redis finds: %j', (key, slot) => {
  expect(slotOf(key)).toBe(slot);
  expect(slotOf(Buffer.from(key))).toBe(slot);
});
