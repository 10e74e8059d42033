import { describe, expect, it } from '@jest/globals';
import { offeredProtocols } from '../../src/server/offeredProtocols.ts';

describe('offeredProtocols', () => {
  it.each([
    [undefined, []],
    ['chat', ['chat']],
    ['a, b,c ,\td', ['a', 'b', 'c', 'd']],
    ['', undefined],
    ['a,,b', undefined],
    ['a,a', undefined],
    ['a b', undefined],
    ['a\r\nb', undefined],
    ['"a"', undefined],
  ])('reads %j as %j', (header, offered) => {
    expect(offeredProtocols(header)).toEqual(offered);
  });
});
