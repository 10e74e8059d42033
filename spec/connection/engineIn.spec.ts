import { EMPTY } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { engineIn } from '../../src/connection/engineIn.ts';
import { run } from './marbles.ts';

describe('engineIn', () => {
  it('is there in a connection, and in no other peer', () => {
    run(({ open }) => {
      const { connection } = open();
      expect(engineIn(connection)).toBe(connection.engine);
      const { messages, send } = connection;
      expect(engineIn({ messages, send })).toBe(undefined);
    });
    expect(engineIn({ messages: EMPTY, send: () => true })).toBe(undefined);
  });
});
