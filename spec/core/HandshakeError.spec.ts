import { describe, expect, it } from '@jest/globals';
import { HandshakeError } from '../../src/core/HandshakeError.ts';

describe('HandshakeError', () => {
  it('carries the answer', () => {
    const answer = { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: 'who are you?' };
    const error = new HandshakeError('refused with 401', answer);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'HandshakeError',
      code: 'HANDSHAKE',
      message: 'refused with 401',
      ...answer,
    });
  });

  it('has a cause and no status where there was no answer', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new HandshakeError('not reached', undefined, { cause });
    expect(error).toMatchObject({ status: undefined, headers: {}, body: '', cause });
  });
});
