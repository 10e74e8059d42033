import { describe, expect, it } from '@jest/globals';
import { watching } from '../../src/connection/watching.ts';
import { run } from './marbles.ts';

// What it shows of what is decoded is seen in undecodable.spec.ts.
describe('watching', () => {
  it('shows what arrives from now on, and takes nothing', () =>
    run(({ open, says, does, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                                            -ab-c--|');
      expectObservable(watching(connection.engine), '         --^').toBe('--b-c--|');
      let seen = '';
      connection.closed.subscribe(() => {
        connection.messages.subscribe((message) => (seen += String(message)));
      });
      does('                                                  --------e', {
        e: () => expect(seen).toBe('abc'),
      });
    }));
});
