import { catchError, concat, concatMap, from, map, NEVER, of, timer } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { run } from './marbles.ts';

// `+a` is a part, `+.` the last one, which is empty.
const parts = { a: '+a', b: '+b', c: '+c', d: '+d', z: '+.' };
const codeOf = catchError((error: { code: string }) => of(error.code));

describe('sendFragments', () => {
  it('never: keeps its turn, and what is sent waits', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      does('                                                  -s', { s: () => connection.send('behind') });
      expectObservable(connection.sendFragments(NEVER)).toBe('-');
      expectObservable(sent(peer)).toBe('                     -');
    }));

  it('empty: an empty message', () =>
    run(({ open, sent, cold, expectObservable }) => {
      const { connection, peer } = open();
      const source = cold<string>('                       --|');
      expectObservable(connection.sendFragments(source)).toBe('--|');
      expectObservable(sent(peer)).toBe('                 --z', parts);
    }));

  it('one', () =>
    run(({ open, sent, cold, expectObservable, expectSubscriptions }) => {
      const { connection, peer } = open();
      const source = cold<string>('                       -a-|');
      expectObservable(connection.sendFragments(source)).toBe('---|');
      expectObservable(sent(peer)).toBe('                 -a-z', parts);
      expectSubscriptions(source.subscriptions).toBe('    ^--!');
    }));

  it('many: each part in its turn, what is sent between waits behind, pings do not', () =>
    run(({ open, sent, hot, does, expectObservable }) => {
      const { connection, peer } = open();
      const source = hot('                                -a-b-c-|');
      does('                                              --s-p', {
        s: () => connection.send('behind'),
        p: () => peer.ping(Uint8Array.of(112)),
      });
      expectObservable(connection.sendFragments(source)).toBe('-------|');
      expectObservable(sent(peer)).toBe('                 -a-bpc-(zs)', { ...parts, p: '!p', s: 'behind' });
    }));

  it('two: the second is subscribed when its turn comes', () =>
    run(({ open, sent, cold, does, expectObservable, expectSubscriptions }) => {
      const { connection, peer } = open();
      const first = cold<string>('                               -a---|');
      const second = cold<string>('                                   --b|');
      does('                                                     --s---t', {
        s: () => connection.send('1'),
        t: () => connection.send('2'),
      });
      expectObservable(connection.sendFragments(first)).toBe('   -----|');
      expectObservable(connection.sendFragments(second), '---^').toBe('--------|');
      expectObservable(sent(peer)).toBe('                        -a---(zs)-'.replace('(zs)-', '(zs)'), { ...parts, s: '1' });
      expectSubscriptions(first.subscriptions).toBe('            ^----!');
      expectSubscriptions(second.subscriptions).toBe('           -----^--!');
    }));
});
void concat;
void concatMap;
void from;
void map;
void timer;
void expect;
void codeOf;
