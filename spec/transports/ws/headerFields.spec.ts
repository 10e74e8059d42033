import { describe, expect, it } from '@jest/globals';
import { headerFields } from '../../../src/transports/ws/headerFields.ts';

describe('headerFields', () => {
  it('gives each field as one string', () => {
    const headers = { server: 'x', 'set-cookie': ['a=1', 'b=2'], 'x-empty': '', upgrade: undefined };
    expect(headerFields(headers)).toEqual({ server: 'x', 'set-cookie': 'a=1, b=2', 'x-empty': '' });
  });
});
