import { expect, it } from '@jest/globals';
import { ListenError } from '../../src/core/ListenError.ts';

it('a ListenError has a code and the cause', () => {
  const cause = Object.assign(new Error('in use'), { code: 'EADDRINUSE' });
  const error = new ListenError('could not listen on port 80', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'ListenError',
    code: 'LISTEN',
    message: 'could not listen on port 80',
    cause,
  });
});
