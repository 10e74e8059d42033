import { describe, expect, it } from '@jest/globals';
import { topicName } from '../../src/topics/topicName.ts';

describe('topicName', () => {
  it.each([
    '',
    'room:lobby',
    '*',
    '>',
    'a b\r\n\0',
    '{x}',
    '👩‍👩‍👧',
    '\ufffd',
    'x'.repeat(1_024),
    'ü'.repeat(512),
  ])('takes %j as it is', (name) => expect(topicName(name)).toBe(name));

  it('makes U+FFFD of half a surrogate pair, which has no UTF-8', () => {
    expect(topicName('a\ud800b\udc00')).toBe('a\ufffdb\ufffd');
  });

  it.each([['x'.repeat(1_025)], ['ü'.repeat(513)], ['€'.repeat(342)], [7], [undefined], [null]])(
    'refuses %j',
    (name) => {
      expect(() => topicName(name as string)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  );
});
