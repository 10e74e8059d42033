import { describe, expect, it } from '@jest/globals';
import { Occupancy } from '../../src/server/Occupancy.ts';

describe('Occupancy', () => {
  it('has room for all where nothing is limited', () => {
    const occupancy = new Occupancy();
    expect([occupancy.isLimited, occupancy.needsAddress, occupancy.refusal('a')]).toEqual([
      false,
      false,
      undefined,
    ]);
  });

  it('has room for so many in all, and again when they leave', () => {
    const occupancy = new Occupancy(2);
    expect([occupancy.isLimited, occupancy.needsAddress]).toEqual([true, false]);
    occupancy.enter('a');
    expect(occupancy.refusal('a')).toBeUndefined();
    occupancy.enter('a');
    expect(occupancy.refusal('b')).toBe('connections');
    occupancy.leave('a');
    expect(occupancy.refusal('b')).toBeUndefined();
  });

  it('has room for so many of each address', () => {
    const occupancy = new Occupancy(Infinity, 1);
    expect([occupancy.isLimited, occupancy.needsAddress]).toEqual([true, true]);
    occupancy.enter('a');
    expect([occupancy.refusal('a'), occupancy.refusal('b')]).toEqual(['address', undefined]);
    occupancy.leave('a');
    expect(occupancy.refusal('a')).toBeUndefined();
  });
});
