import { describe, expect, it } from '@jest/globals';
import { assertClose, isSendableCloseCode } from '../../src/core/closeCode.ts';

const NOT_A_NUMBER = ['1000', null, undefined, {}] as unknown as number[];

describe('isSendableCloseCode', () => {
  it('allows what RFC 6455, 7.4 and the registry allow in a frame, and nothing else', () => {
    const sendable = Array.from({ length: 70_000 }, (_, code) => code).filter(isSendableCloseCode);
    const ranges = [
      [1000, 1003],
      [1007, 1014],
      [3000, 4999],
    ] as const;
    expect(sendable).toEqual(
      ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
    );
  });

  it.each([1000.5, -1000, Number.NaN, Infinity, ...NOT_A_NUMBER])('not %p', (code) => {
    expect(isSendableCloseCode(code)).toBe(false);
  });
});

describe('assertClose', () => {
  it.each([
    [1000, ''],
    [4999, 'x'.repeat(123)],
    [3000, `${'é'.repeat(61)}!`],
  ])('lets %p %p pass', (code, reason) => {
    expect(() => assertClose(code, reason)).not.toThrow();
  });

  it.each([
    [1005, '', 'close code 1005 may not be sent; use 1000 to 1003, 1007 to 1014, or 3000 to 4999'],
    [4000, 'x'.repeat(124), 'a close reason has at most 123 bytes in UTF-8, not 124'],
    [4000, 'é'.repeat(62), 'a close reason has at most 123 bytes in UTF-8, not 124'],
    [4000, null as unknown as string, 'a close reason is a string'],
  ])('refuses %p %p, and says why', (code, reason, message) => {
    expect(() => assertClose(code, reason)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
    );
  });
});
