import { expect, it } from '@jest/globals';
import { BusError } from '../../src/core/BusError.ts';

it('has a code and keeps its cause', () => {
  const cause = new Error('refused');
  expect(new BusError('the bus is lost', { cause })).toMatchObject({
    name: 'BusError',
    code: 'BUS',
    message: 'the bus is lost',
    cause,
  });
});
