import { describe, expect, it } from '@jest/globals';
import { breakTurn, endTurn, sendPart, takeTurn } from '../../src/connection/turns.ts';
import { Fragment } from '../../src/core/Fragment.ts';
import { run } from './marbles.ts';

// What follows from them is seen in fragments.spec.ts.
describe('turns', () => {
  it('come one after the other, and what is sent meanwhile keeps its place between them', () =>
    run(({ open, sent, does, expectObservable }) => {
      const { connection, peer } = open();
      const { outgoing } = connection.engine;
      const part = (text: string) => () => void sendPart(outgoing, new Fragment(text, true, true));
      does('                            -a-e----e', {
        a: () => {
          takeTurn(outgoing, part('a'));
          connection.send('between');
          takeTurn(outgoing, part('b'));
          connection.send('behind');
        },
        e: () => endTurn(outgoing),
      });
      const words = { a: '+a.', s: 'between', b: '+b.', t: 'behind' };
      expectObservable(sent(peer)).toBe('-a-(sb)-t', words);
    }));

  it('drop what waits behind one that broke, and say so', () =>
    run(({ open, does, expectObservable }) => {
      const { connection } = open();
      const { outgoing } = connection.engine;
      does('                                       -b', {
        b: () => {
          takeTurn(outgoing, () => {});
          connection.send('lost');
          breakTurn(outgoing);
          expect(connection.send('taken')).toBe(true);
        },
      });
      expectObservable(connection.dropped).toBe('-d', { d: { count: 1, bytes: 4 } });
    }));
});
