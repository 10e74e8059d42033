import { describe, expect, it } from '@jest/globals';
import { NotSentError } from '../../src/core/NotSentError.ts';

describe('NotSentError', () => {
  it('is an Error with a code', () => {
    const error = new NotSentError('nobody there');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: 'NOT_SENT', name: 'NotSentError', message: 'nobody there' });
  });
});
