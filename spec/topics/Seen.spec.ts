import { describe, expect, it } from '@jest/globals';
import { Seen } from '../../src/topics/Seen.ts';

describe('Seen', () => {
  it('has what is not after the last, until one is', () => {
    const seen = new Seen();
    expect(seen.has('1')).toBe(false);
    seen.upTo('5-3');
    expect(['5-2', '5-3', '5-4', '5-1', undefined].map((id) => seen.has(id))).toEqual([
      true,
      true,
      false,
      // Where ids are in order none such comes; where they are counted anew it is a new one.
      false,
      false,
    ]);
  });

  it('has nothing that bears no id, and nothing once it is told to forget', () => {
    const seen = new Seen();
    seen.upTo('5');
    expect(seen.has(undefined)).toBe(false);
    expect(seen.has('4')).toBe(true);
    seen.forget();
    expect(seen.has('4')).toBe(false);
  });
});
