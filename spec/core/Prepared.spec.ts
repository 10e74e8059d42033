import { expect, it } from '@jest/globals';
import { Prepared } from '../../src/core/Prepared.ts';

it('a Prepared keeps its value beside what is sent, and has no frame until somebody makes it', () => {
  const value = { event: 'said' };
  const prepared = new Prepared(value, '{"event":"said"}');
  expect(prepared.value).toBe(value);
  expect({ ...prepared }).toEqual({ value, data: '{"event":"said"}', frame: undefined });
});
