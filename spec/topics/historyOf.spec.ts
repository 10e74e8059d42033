import { describe, expect, it } from '@jest/globals';
import { historyOf } from '../../src/topics/historyOf.ts';

describe('historyOf', () => {
  it('is nothing, the defaults, or what is said', () => {
    expect(historyOf(undefined)).toBeUndefined();
    expect(historyOf(false)).toBeUndefined();
    expect(historyOf(true)).toEqual({ length: 1_000, maxAgeMs: 3_600_000 });
    expect(historyOf({ length: 5 })).toEqual({ length: 5, maxAgeMs: 3_600_000 });
    expect(historyOf({ maxAgeMs: 5 })).toEqual({ length: 1_000, maxAgeMs: 5 });
  });

  it.each([{ length: 0 }, { length: 1.5 }, { length: NaN }, { maxAgeMs: 0 }, { maxAgeMs: Infinity }])(
    'refuses %j',
    (history) =>
      expect(() => historyOf(history)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' })),
  );
});
