import { describe, expect, it } from '@jest/globals';
import { CloseError } from '../../src/core/CloseError.ts';
import { DecodeError } from '../../src/core/DecodeError.ts';
import { Undecoded } from '../../src/connection/Undecoded.ts';

const hostile: object = {
  get code(): string {
    throw new Error('no code');
  },
};

describe('Undecoded', () => {
  it('takes a DecodeError as it is, of another copy of this library too', () => {
    const error = new DecodeError('no JSON');
    const foreign = { code: 'DECODE', closeCode: 1003 };
    expect(new Undecoded(error).error).toBe(error);
    expect(new Undecoded(foreign).error).toBe(foreign);
  });

  it.each([
    ['an error', new Error('oops'), 'oops', 1007],
    ['a CloseError', new CloseError(4400, 'say it in JSON'), 'close with 4400 (say it in JSON)', 4400],
    ['undefined', undefined, 'undefined', 1007],
    ['what cannot be looked at', hostile, '[object Object]', 1007],
  ])('makes one of %s', (_, thrown, text, closeCode) => {
    const { error } = new Undecoded(thrown);
    expect(error).toMatchObject({ code: 'DECODE', closeCode });
    expect(error.message).toBe(`a message could not be decoded: ${text}`);
    expect(error.cause).toBe(thrown);
  });
});
