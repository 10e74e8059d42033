import { describe, expect, it } from '@jest/globals';
import { KeepAliveError } from '../../src/core/KeepAliveError.ts';

describe('KeepAliveError', () => {
  it('is an error with a code', () => {
    const error = new KeepAliveError('the peer is gone');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'KeepAliveError', code: 'KEEP_ALIVE', message: 'the peer is gone' });
  });
});
