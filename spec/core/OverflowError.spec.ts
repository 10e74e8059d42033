import { describe, expect, it } from '@jest/globals';
import { OverflowError } from '../../src/core/OverflowError.ts';

describe('OverflowError', () => {
  it('is an Error with a code', () => {
    const error = new OverflowError('too much');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: 'OVERFLOW', name: 'OverflowError', message: 'too much' });
  });
});
