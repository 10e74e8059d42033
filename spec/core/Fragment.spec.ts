import { expect, it } from '@jest/globals';
import { Fragment } from '../../src/core/Fragment.ts';

it('a Fragment knows its place in the message', () => {
  expect({ ...new Fragment('half', true, false) }).toEqual({ data: 'half', first: true, last: false });
});
