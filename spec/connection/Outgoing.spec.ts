import { filter, map, type Observable, skip, take } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import type { Places } from '../../src/connection/Places.ts';
import { run } from './marbles.ts';

const states = { t: true, f: false };
const endOf = (closed: Observable<CloseInfo>): Observable<string> =>
  closed.pipe(map(({ code, by, wasClean }) => `${code} ${by} ${wasClean ? 'clean' : 'lost'}`));

describe('send', () => {
  it('what is sent in one turn leaves together, at its end', () => {
    const { transport } = run(({ open, does, sent, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      does('                                 --a-----b', {
        a: () => [...'abc'].forEach((text) => expect(connection.send(text)).toBe(true)),
        b: () => connection.send('d'),
      });
      expectObservable(sent(peer)).toBe('    --(abc)-d');
      return opened;
    });
    expect(transport.framesOf('write')).toEqual([2, 8]);
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
      does('                                      ------x', {
        x: () => expect(connection.bufferedBytes).toBe(3),
      });
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
      expectObservable(connection.writable, '            ^--!').toBe('tf-', states);
      expectObservable(connection.writable, '            -----^').toBe('-----f---|', states);
      expectObservable(connection.writable, '            -----------^').toBe('-----------(f|)', states);
    }));

  it('can be filled again by who is told that it is open', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      peer.stop(0);
      connection.writable.pipe(filter(Boolean), skip(1), take(1)).subscribe(() => {
        peer.stop(0);
        connection.send('b');
      });
      does('                                      -a-s---s', {
        a: () => connection.send('a'),
        s: () => peer.start(),
      });
      expectObservable(sent(peer)).toBe('         ---a---b');
      expectObservable(connection.writable).toBe('tf-(tf)t', states);
    }));
});

describe('past the bound', () => {
  const SLOW = '1013 local lost';

  it('closes with 1013, sends nothing more, and says what was dropped', () => {
    const taken: boolean[] = [];
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open({ maxQueuedBytes: 3 });
      peer.stop(0);
      does('                                             -a-a-a-a-a', {
        a: () => taken.push(connection.send('a')),
      });
      expectObservable(connection.dropped).toBe('       -------(x|)', { x: { count: 4, bytes: 4 } });
      expectObservable(connection.writable).toBe('      tf-----|', states);
      expectObservable(connection.messages).toBe('      1007ms |');
      expectObservable(endOf(connection.closed)).toBe(' 1007ms (x|)', { x: SLOW });
      expectObservable(sent(peer)).toBe('               1007ms |');
    });
    expect(taken).toEqual([true, true, true, false, false]);
  });

  it('is lost, though the peer answers at last', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open({ maxQueuedBytes: 3 });
      peer.stop(0);
      does('                                             aaaaa---s', {
        a: () => connection.send('a'),
        s: () => peer.start(),
      });
      expectObservable(sent(peer)).toBe('               --------(x|)', { x: '#1013' });
      expectObservable(endOf(connection.closed)).toBe(' --------(x|)', { x: SLOW });
    }));

  it('takes one message of any size', () => {
    const taken: boolean[] = [];
    run(({ open, does }) => {
      const { connection, peer } = open({ maxQueuedBytes: 3 });
      peer.stop(0);
      does('a-b', {
        a: () => taken.push(connection.send('more than three')),
        b: () => taken.push(connection.send('b')),
      });
    });
    expect(taken).toEqual([true, false]);
  });

  it('counts empty messages, of which any number would fit', () => {
    const taken: boolean[] = [];
    run(({ open, does }) => {
      const { connection, peer } = open({ maxQueuedBytes: 3 });
      peer.stop(0);
      does('aaaa', { a: () => taken.push(connection.send('')) });
    });
    expect(taken).toEqual([true, true, true, false]);
  });

  it('is judged after a flush: a burst to a peer that reads is no overflow', () => {
    const taken: boolean[] = [];
    run(({ open, does, expectObservable }) => {
      const { connection } = open({ maxQueuedBytes: 3, highWaterBytes: 4 });
      does('a', { a: () => Array.from({ length: 100 }, () => taken.push(connection.send('abc'))) });
      expectObservable(connection.writable).toBe('t', states);
    });
    expect(new Set(taken)).toEqual(new Set([true]));
  });

  it('may be closed otherwise by who hears of it; it stays lost', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open({ maxQueuedBytes: 1 });
      peer.stop(0);
      connection.dropped.subscribe(() => {
        connection.close(4008, 'slow');
        expect(connection.send('more')).toBe(false);
      });
      does('                                             ab', {
        a: () => connection.send('a'),
        b: () => connection.send('b'),
      });
      expectObservable(endOf(connection.closed)).toBe(' 1001ms (x|)', { x: '4008 local lost' });
    }));
});

describe('a peer that reads nothing', () => {
  it.each(['dropOldest', 'dropNewest', 'error', 'latest'] as const)(
    'costs no more than the bound: %s',
    (overflow) => {
      const { connection } = run(({ open, does }) => {
        const opened = open({ overflow, maxQueuedMessages: 10, stalledTimeoutMs: Infinity });
        const { connection, peer } = opened;
        peer.stop(0);
        const send = (): void => {
          try {
            connection.send('a');
          } catch {}
        };
        does('ab', { a: send, b: () => Array.from({ length: 50_000 }, send) });
        return opened;
      });
      const { lanes, window } = connection.engine.outgoing as unknown as {
        lanes: { main: { slots: Places<unknown> } };
        window: { queue: { items: Places<unknown> } };
      };
      expect(lanes.main.slots.length).toBeLessThan(2_000);
      expect(window.queue.items.length).toBeLessThan(2_000);
      expect(connection.bufferedBytes).toBeLessThanOrEqual(10);
    },
  );

  const config = { stalledTimeoutMs: 5, highWaterBytes: 1 };

  it('is sent away in time', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open(config);
      peer.stop(0);
      does('                                             -a', { a: () => connection.send('a') });
      expectObservable(connection.dropped).toBe('       ------(x|)', { x: { count: 1, bytes: 1 } });
      expectObservable(endOf(connection.closed)).toBe(' 1006ms (x|)', { x: '1013 local lost' });
    }));

  it('may be slow: any progress counts', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open(config);
      peer.stop();
      does('                                             -a--t', {
        a: () => [...'abc'].forEach((text) => connection.send(text)),
        t: () => peer.take(1),
      });
      expectObservable(connection.dropped).toBe('       ---------(x|)', { x: { count: 1, bytes: 1 } });
    }));

  it('has its time anew each time that it stalls', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open(config);
      peer.stop(0);
      does('                                             -a-sxa', {
        a: () => connection.send('a'),
        s: () => peer.start(),
        x: () => peer.stop(0),
      });
      expectObservable(connection.dropped).toBe('       ----------(x|)', { x: { count: 1, bytes: 1 } });
    }));

  it('is left alone while nothing waits for it, or for ever', () =>
    run(({ open, does, expectObservable }) => {
      const [inside, patient] = [open(config), open({ ...config, stalledTimeoutMs: Infinity })];
      for (const { connection, peer } of [inside, patient]) {
        peer.stop(connection === inside.connection ? 1 : 0);
        does('a', { a: () => connection.send('a') });
        expectObservable(connection.closed).toBe('-');
      }
    }));
});

describe('a close', () => {
  const slow = { highWaterBytes: 1, closeTimeoutMs: 9 };

  it('from here: waits until all has left', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open(slow);
      peer.stop();
      does('                                            -sc-bo', {
        s: () => [...'abc'].forEach((text) => connection.send(text)),
        c: () => connection.close(4000),
        b: () => expect(connection.send('d')).toBe(false),
        o: () => peer.start(),
      });
      expectObservable(sent(peer)).toBe('               -----(abcx|)', {
        a: 'a',
        b: 'b',
        c: 'c',
        x: '#4000',
      });
      expectObservable(endOf(connection.closed)).toBe(' -----(x|)', { x: '4000 local clean' });
      expectObservable(connection.dropped).toBe('       -----|');
      expectObservable(connection.writable).toBe('      tf---|', states);
    }));

  it('from here: gives up in time, and says what was dropped', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open(slow);
      peer.stop(0);
      does('                                            -sc', {
        s: () => connection.send('a'),
        c: () => connection.close(4000),
      });
      expectObservable(connection.dropped).toBe('       -----------(x|)', { x: { count: 1, bytes: 1 } });
      expectObservable(endOf(connection.closed)).toBe(' -----------(x|)', { x: '4000 local lost' });
    }));

  it('from here, by who is told that there is room: one close frame', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open(slow);
      peer.stop(0);
      connection.writable.pipe(filter(Boolean), skip(1)).subscribe(() => connection.close(4000));
      does('                                            -s-o', {
        s: () => connection.send('a'),
        o: () => peer.start(),
      });
      expectObservable(sent(peer)).toBe('               ---(ax|)', { a: 'a', x: '#4000' });
    }));

  it('by the peer: what fits is written, the rest is dropped', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open({ ...slow, highWaterBytes: 2 });
      peer.stop();
      does('                                            -s-c-o', {
        s: () => [...'abcd'].forEach((text) => connection.send(text)),
        c: () => peer.close(4001),
        o: () => peer.start(),
      });
      expectObservable(connection.dropped).toBe('       ---(x|)', { x: { count: 2, bytes: 2 } });
      expectObservable(sent(peer)).toBe('               -----(abx|)', { a: 'a', b: 'b', x: '#4001' });
      expectObservable(endOf(connection.closed)).toBe(' -----(x|)', { x: '4001 peer clean' });
    }));

  it('by the peer, in the turn in which something was sent: that goes first', () =>
    run(({ open, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      does('                                            -s', {
        s: () => {
          connection.send('a');
          peer.close(4001);
        },
      });
      expectObservable(sent(peer)).toBe('               -(ax|)', { a: 'a', x: '#4001' });
    }));

  it('by the peer, which then reads nothing: cut in time', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open(slow);
      peer.stop();
      does('                                            -s-c', {
        s: () => connection.send('a'),
        c: () => peer.close(4001),
      });
      expectObservable(endOf(connection.closed)).toBe(' ------------(x|)', { x: '4001 peer clean' });
    }));
});
