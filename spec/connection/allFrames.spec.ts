import { describe, expect, it } from '@jest/globals';
import { allFrames } from '../../src/connection/allFrames.ts';
import { collect } from './contract/Pair.ts';
import { run } from './marbles.ts';

// What they do is seen in Pings.spec.ts, fragments.spec.ts and roundTrips.spec.ts.
describe('allFrames', () => {
  it('pings, and sends in parts', () =>
    run(({ open, sent, does, expectObservable }) => {
      const { connection, peer } = open();
      does('                                -p', {
        p: () => {
          allFrames.ping(connection.engine, 'x').subscribe();
          allFrames.fragments(connection.engine, ['a']).subscribe();
        },
      });
      expectObservable(sent(peer)).toBe('   -(paz)', { p: '?x', a: '+a', z: '+.' });
    }));

  it('refuses what the transport cannot do', () =>
    run(({ open }) => {
      const capabilities = { hold: true, ping: false, fragments: false };
      const { engine } = open({}, { capabilities }).connection;
      for (const { error } of [
        collect(allFrames.ping(engine, undefined)),
        collect(allFrames.fragments(engine, ['a'])),
      ])
        expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    }));
});
