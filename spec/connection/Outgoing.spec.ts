import { filter, map, type Observable, skip } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import { collect } from './contract/Pair.ts';
import { run } from './marbles.ts';

const states = { t: true, f: false };
const endOf = (closed: Observable<CloseInfo>): Observable<string> =>
  closed.pipe(map(({ code, by, wasClean }) => `${code} ${by} ${wasClean ? 'clean' : 'lost'}`));

describe('send', () => {
  it('what is sent in one turn leaves together, at its end', () => {
    const { transport } = run(({ open, does, sent, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      does('                                 --a-b', {
        a: () => [...'abc'].forEach((text) => expect(connection.send(text)).toBe(true)),
        b: () => connection.send('d'),
      });
      expectObservable(sent(peer)).toBe('    --(abc)', { a: 'a', b: 'b', c: 'c' });
      return opened;
    });
    expect(transport.framesOf('write')).toEqual([2, 4]);
  });

  it('a full window leaves at once', () => {
    const seen: string[] = [];
    run(({ open, does, sent }) => {
      const { connection, peer } = open({ highWaterBytes: 4 });
      sent(peer).subscribe((text) => seen.push(text));
      does('a', {
        a: () => {
          connection.send('abc');
          expect(seen).toEqual([]);
          connection.send('d');
          expect(seen).toEqual(['abc', 'd']);
        },
      });
    });
    expect(seen).toEqual(['abc', 'd']);
  });

  it('pings and pongs keep their place', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      does('a', {
        a: () => {
          connection.send('a');
          connection.ping('p').subscribe();
          connection.send('b');
          peer.ping(Uint8Array.of(112));
          connection.send('c');
        },
      });
      const order = { a: 'a', p: '?p', b: 'b', q: '!p', c: 'c' };
      expectObservable(sent(peer)).toBe('(apbqc)', order);
    }));

  it('never writes behind a close', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      does('--a', {
        a: () => {
          connection.send('a');
          connection.close(4000);
          expect(connection.send('b')).toBe(false);
          connection.ping().subscribe({ error: () => {} });
          connection.close(4001);
        },
      });
      expectObservable(sent(peer)).toBe('--(ac|)', { a: 'a', c: '#4000' });
    }));
});

describe('the window', () => {
  it('closed: everything waits in the queue, until the peer reads', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      does('                                      -s-a-b-c', {
        s: () => peer.stop(0),
        a: () => connection.send('é'),
        b: () => connection.send('b'),
        c: () => peer.start(),
      });
      does('                                      ------x', { x: () => expect(connection.bufferedBytes).toBe(3) });
      expectObservable(sent(peer)).toBe('         -------(ab)', { a: 'é', b: 'b' });
      expectObservable(connection.writable).toBe('t--f---t', states);
    }));

  it('fills to the high mark, and is refilled at the low one', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open({ highWaterBytes: 4, lowWaterBytes: 2 });
      const bufferedBytes = (bytes: number) => () => expect(connection.bufferedBytes).toBe(bytes);
      peer.stop();
      // a to d are under way, e and f wait; with two of them left, e and f follow; with two left again, there is room.
      does('                                      -s-t-t-u----v', {
        s: () => [...'abcdef'].forEach((text) => connection.send(text)),
        t: () => peer.take(1),
        u: () => peer.take(2),
        v: () => peer.start(),
      });
      does('                                      --6-5-4-2----0', {
        6: bufferedBytes(6),
        5: bufferedBytes(5),
        4: bufferedBytes(4),
        2: bufferedBytes(2),
        0: bufferedBytes(0),
      });
      expectObservable(sent(peer)).toBe('         ---a-b-(cd)-(ef)');
      expectObservable(connection.writable).toBe('tf-----t', states);
    }));

  it('tells who comes late how it is, and that it is over', () =>
    run(({ open, does, says, expectObservable }) => {
      const { connection, peer } = open();
      peer.stop(0);
      does('                                                 -a', { a: () => connection.send('a') });
      says(peer, '                                           ---------#');
      expectObservable(connection.writable, '            ^--!').toBe('tf-');
      expectObservable(connection.writable, '            -----^').toBe('-----f---|');
      expectObservable(connection.writable, '            -----------^').toBe('-----------(f|)', states);
    }));

  it('can be filled again by who is told that it is open', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      peer.stop(0);
      connection.writable.pipe(filter(Boolean), skip(1)).subscribe(() => {
        peer.stop(0);
        connection.send('b');
      });
      does('                                      -a-s---s', { a: () => connection.send('a'), s: () => peer.start() });
      expectObservable(sent(peer)).toBe('         ---a---b');
      expectObservable(connection.writable).toBe('tf-(tf)-t'.replace('(tf)-t', '(tf)'), states);
    }));
});
