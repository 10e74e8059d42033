import { expect, it } from '@jest/globals';
import { InvalidArgumentError } from '../../src/core/InvalidArgumentError.ts';

it('an InvalidArgumentError is a TypeError with a code', () => {
  const error = new InvalidArgumentError('a number');
  expect(error).toBeInstanceOf(TypeError);
  expect(error).toMatchObject({
    name: 'InvalidArgumentError',
    code: 'INVALID_ARGUMENT',
    message: 'a number',
  });
});
