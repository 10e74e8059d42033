import { describe, it } from '@jest/globals';
import { watched } from '../../src/operators/watched.ts';
import { run } from '../connection/marbles.ts';

describe('watched', () => {
  it('looks at a connection, which is not read', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                                 -a-b------|');
      expectObservable(watched(connection)).toBe('  -a-b------|');
      expectObservable(watched(connection), '--^').toBe('---b------|');
      expectObservable(connection.messages, '----^').toBe('----(ab)--|');
    }));

  it('reads any other peer', () =>
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const messages = hot('                                               -a-b-|');
      const send = (): boolean => true;
      expectObservable(watched({ messages, send }), '--^').toBe('---b-|');
      expectSubscriptions(messages.subscriptions).toBe('--^--!');
    }));
});
