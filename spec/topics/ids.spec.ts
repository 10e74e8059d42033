import { describe, expect, it } from '@jest/globals';
import { BEGINNING, isAfter, isId } from '../../src/topics/ids.ts';

describe('ids', () => {
  it.each([
    ['2', '1', true],
    ['10', '9', true],
    ['1', '1', false],
    ['1-2', '1-1', true],
    ['1-10', '1-9', true],
    ['2-0', '1-9', true],
    ['1-1', '1', true],
    ['1', BEGINNING, true],
  ])('%s after %s: %p', (a, b, after) => {
    expect(isAfter(a, b)).toBe(after);
    expect(isAfter(b, a)).toBe(!after && a !== b);
  });

  it('takes nothing else for one, whatever a client says', () => {
    expect(['1', '0', '1700000000000-7'].filter((id) => !isId(id))).toEqual([]);
    const bad = ['', '-', '1-', '-1', '1-2-3', '$', '+', ' 1', '1\n', '9'.repeat(20), 1, null, undefined, {}];
    expect(bad.filter((id) => isId(id))).toEqual([]);
  });
});
