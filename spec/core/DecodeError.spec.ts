import { describe, expect, it } from '@jest/globals';
import { closeChosenBy } from '../../src/core/closeChosenBy.ts';
import { DecodeError } from '../../src/core/DecodeError.ts';

describe('DecodeError', () => {
  it('closes with 1007, and says no more to the peer', () => {
    const cause = new Error('cause');
    const error = new DecodeError('at text: too long', { cause });
    expect(error).toMatchObject({ name: 'DecodeError', code: 'DECODE', issues: [], cause });
    expect(closeChosenBy(error)).toEqual({ code: 1007, reason: 'the message could not be decoded' });
  });

  it('carries what it is given, and no cause where there is none', () => {
    const issues = [{ message: 'too long', path: ['text'] }];
    const error = new DecodeError('no', { closeCode: 1003, reason: 'messages are text', issues });
    expect(error.issues).toBe(issues);
    expect('cause' in error).toBe(false);
    expect(closeChosenBy(error)).toEqual({ code: 1003, reason: 'messages are text' });
  });
});
