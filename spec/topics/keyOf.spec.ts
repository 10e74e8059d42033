import { expect, it } from '@jest/globals';
import { keyOf } from '../../src/topics/keyOf.ts';

it('tells a topic from a pattern of the same text', () => {
  const targets = ['a', '*', '=a', '', { pattern: 'a' }, { pattern: '*' }, { pattern: '' }];
  expect(new Set(targets.map(keyOf)).size).toBe(targets.length);
});
