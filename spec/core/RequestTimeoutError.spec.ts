import { describe, expect, it } from '@jest/globals';
import { RequestTimeoutError } from '../../src/core/RequestTimeoutError.ts';

describe('RequestTimeoutError', () => {
  it('is an Error with a code', () => {
    const error = new RequestTimeoutError('no reply');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      code: 'REQUEST_TIMEOUT',
      name: 'RequestTimeoutError',
      message: 'no reply',
    });
  });
});
