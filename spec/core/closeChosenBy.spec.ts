import { describe, expect, it } from '@jest/globals';
import { closeChosenBy } from '../../src/core/closeChosenBy.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import { DecodeError } from '../../src/core/DecodeError.ts';

describe('closeChosenBy', () => {
  it('reads a CloseError, of another copy too', () => {
    expect(closeChosenBy(new CloseError(4401, 'log in'))).toEqual({ code: 4401, reason: 'log in' });
    expect(closeChosenBy({ code: 'CLOSE', closeCode: 4401 })).toEqual({ code: 4401, reason: '' });
  });

  it('reads a DecodeError, of another copy too', () => {
    const reason = 'the message could not be decoded';
    expect(closeChosenBy(new DecodeError('no JSON'))).toEqual({ code: 1007, reason });
    expect(closeChosenBy({ code: 'DECODE', closeCode: 1003, reason: '' })).toEqual({
      code: 1003,
      reason: '',
    });
  });

  it.each([
    ['any other error', new Error('x')],
    ['nothing', undefined],
    ['a text', 'CLOSE'],
    ['a code that may not be sent', { code: 'CLOSE', closeCode: 1006 }],
    ['a reason that is too long', { code: 'CLOSE', closeCode: 4000, reason: 'x'.repeat(124) }],
    [
      'what cannot be looked at',
      {
        get code(): string {
          throw new Error('no');
        },
      },
    ],
  ])('leaves alone %s', (_, error) => {
    expect(closeChosenBy(error)).toBeUndefined();
  });
});
