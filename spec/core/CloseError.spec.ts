import { describe, expect, it } from '@jest/globals';
import { CloseError } from '../../src/core/CloseError.ts';

describe('CloseError', () => {
  it('is an Error with a code, the close code, the reason and a cause', () => {
    const cause = new Error('no token');
    const error = new CloseError(4401, 'log in first', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'CloseError',
      code: 'CLOSE',
      closeCode: 4401,
      reason: 'log in first',
      cause,
    });
    expect(error.message).toBe('close with 4401 (log in first)');
    expect(error.stack).toContain('CloseError: close with 4401');
  });

  it('needs no reason', () => {
    expect(new CloseError(1000)).toMatchObject({ reason: '', message: 'close with 1000' });
    expect('cause' in new CloseError(1000)).toBe(false);
  });

  it.each([
    [1006, ''],
    [4000, 'x'.repeat(124)],
    [4000, 5 as unknown as string],
  ])('cannot be made of %p and %p', (code, reason) => {
    expect(() => new CloseError(code, reason)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
