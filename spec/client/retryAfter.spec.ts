import { describe, expect, it } from '@jest/globals';
import { retryAfter } from '../../src/client/retryAfter.ts';
import { HandshakeError } from '../../src/core/HandshakeError.ts';

const now = Date.parse('Sat, 14 Nov 2026 12:00:00 GMT');
const after = (value: string | undefined, status = 503, more: Record<string, string> = {}): number => {
  const headers = value === undefined ? more : { 'retry-after': value, ...more };
  return retryAfter(new HandshakeError('', { status, headers }), now);
};

describe('retryAfter', () => {
  it.each([
    ['seconds', '120', 120_000],
    ['no seconds', '0', 0],
    ['with room around', ' 7 ', 7_000],
    ['a date', 'Sat, 14 Nov 2026 12:00:30 GMT', 30_000],
    ['a date that has passed', 'Sat, 14 Nov 2026 11:00:00 GMT', 0],
    ['no number', 'soon', 0],
    ['a negative number', '-5', 0],
    ['nothing', '', 0],
    ['no header', undefined, 0],
  ])('%s', (_, value, expected) => {
    expect(after(value)).toBe(expected);
  });

  it('reads a date by the clock of the server', () => {
    const date = 'Fri, 13 Nov 2026 23:59:00 GMT';
    expect(after('Sat, 14 Nov 2026 00:00:00 GMT', 503, { date })).toBe(60_000);
  });

  it.each([
    [503, 9_000],
    [429, 9_000],
    [500, 0],
    [301, 0],
  ])('of a %i: %i ms', (status, expected) => {
    expect(after('9', status)).toBe(expected);
  });

  it.each([undefined, null, 'text', new Error('mine'), { code: 'HANDSHAKE', status: 503 }])(
    'of %p: nothing',
    (error) => {
      expect(retryAfter(error, now)).toBe(0);
    },
  );
});
