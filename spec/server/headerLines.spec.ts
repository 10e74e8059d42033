import { describe, expect, it } from '@jest/globals';
import { headerLines } from '../../src/server/headerLines.ts';

describe('headerLines', () => {
  it('makes a line of each field', () => {
    expect(headerLines({ 'X-A': '1', 'set-cookie': 'a=b; Path=/' }, /^x-b$/i)).toEqual([
      'X-A: 1',
      'set-cookie: a=b; Path=/',
    ]);
  });

  it.each([
    ['x-a', 'b\r\nSet-Cookie: c=d'],
    ['x-a', 'b\nc'],
    ['x-a', 'b\0'],
    ['x-a', 'snow ☃'],
    ['x a', 'b'],
    ['x-a\r\nx-b', 'c'],
    ['', 'b'],
  ])('refuses %j: %j', (name, value) => {
    expect(() => headerLines({ [name]: value }, /^$/)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(JSON.stringify(name)),
      }),
    );
  });

  it('refuses what is not the caller’s, in any case', () => {
    expect(() => headerLines({ CONNECTION: 'x' }, /^connection$/i)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('CONNECTION') }),
    );
  });
});
