import { describe, expect, it } from '@jest/globals';
import { glob } from '../../src/topics/glob.ts';

describe('glob', () => {
  it.each([
    ['room:*', 'room:a', true],
    ['room:*', 'room:', true],
    ['room:*', 'rooms', false],
    ['*', '', true],
    ['*:a', 'b:a', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'axxbxxc', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['a*a*a', 'aa', false],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['[a]?*', '[a]?b', true],
    ['[a]?*', 'ab', false],
    ['**', 'x\ny', true],
  ])('%j and %j: %p', (pattern, topic, fits) => expect(glob(pattern)(topic)).toBe(fits));

  it('takes no longer than the topic is', () => {
    expect(glob(`${'*a'.repeat(200)}*b`)('a'.repeat(20_000))).toBe(false);
  });
});
