import { catchError, from, map, NEVER, of } from 'rxjs';
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
      const first = cold<string>('                              -a---|');
      const second = cold<string>('                                  ------b|');
      does('                                                    --s----t', {
        s: () => connection.send('1'),
        t: () => connection.send('2'),
      });
      expectObservable(connection.sendFragments(first)).toBe('  -----|');
      expectObservable(connection.sendFragments(second), '---^').toBe('------------|');
      const frames = { ...parts, s: '1', t: '2' };
      expectObservable(sent(peer)).toBe('                       -a---(zs)--b(zt)', frames);
      expectSubscriptions(first.subscriptions).toBe('           ^----!');
      expectSubscriptions(second.subscriptions).toBe('          -----^------!');
    }));

  it('error: the half message ends the connection, and nothing follows it', () => {
    const { errors } = run(({ open, sent, cold, does, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      const source = cold<string>('                           -a--#', undefined, { code: 'SOURCE' });
      does('                                                  --s', { s: () => connection.send('behind') });
      expectObservable(connection.sendFragments(source).pipe(codeOf)).toBe('----(x|)', { x: 'SOURCE' });
      expectObservable(connection.dropped).toBe('             ----(x|)', { x: { count: 1, bytes: 6 } });
      expectObservable(sent(peer)).toBe('                     -a--(x|)', { a: '+a', x: '#1011' });
      return opened;
    });
    expect(errors).toEqual([{ code: 'SOURCE' }]);
  });

  it('error before the first part: no harm', () =>
    run(({ open, sent, cold, does, expectObservable }) => {
      const { connection, peer } = open();
      const source = cold<string>('                           --#', undefined, { code: 'SOURCE' });
      does('                                                  -s-t', {
        s: () => connection.send('1'),
        t: () => connection.send('2'),
      });
      expectObservable(connection.sendFragments(source).pipe(codeOf)).toBe('--(x|)', { x: 'SOURCE' });
      expectObservable(sent(peer)).toBe('                     --12');
    }));

  it('early unsubscribe: as an error', () => {
    const { errors } = run(({ open, sent, cold, expectObservable, expectSubscriptions }) => {
      const opened = open();
      const { connection, peer } = opened;
      const source = cold<string>('                                -a--b');
      expectObservable(connection.sendFragments(source), '  ^--!').toBe('-');
      expectObservable(sent(peer)).toBe('                          -a-(x|)', { a: '+a', x: '#1011' });
      expectSubscriptions(source.subscriptions).toBe('             ^--!');
      return opened;
    });
    expect(errors).toHaveLength(1);
  });

  it('unsubscribed while it waits for its turn: it never has one', () =>
    run(({ open, sent, cold, does, expectObservable, expectSubscriptions }) => {
      const { connection, peer } = open();
      const first = cold<string>('                                 -a---|');
      const second = cold<string>('                                b|');
      does('                                                       ---s', { s: () => connection.send('s') });
      expectObservable(connection.sendFragments(first)).toBe('     -----|');
      expectObservable(connection.sendFragments(second), '  --^-!').toBe('-');
      expectObservable(sent(peer)).toBe('                          -a---(zs)', { ...parts, s: 's' });
      expectSubscriptions(second.subscriptions).toBe([]);
    }));

  it('reentrant: its source sends, and sends another message in parts', () =>
    run(({ open, sent, does, expectObservable }) => {
      const { connection, peer } = open();
      const source = from(['a', 'b']).pipe(
        map((part) => {
          connection.send(`behind ${part}`);
          if (part === 'a') connection.sendFragments(['c']).subscribe();
          return part;
        }),
      );
      does('-s', { s: () => connection.sendFragments(source).subscribe() });
      const frames = { ...parts, s: 'behind a', t: 'behind b', y: '+.' };
      expectObservable(sent(peer)).toBe('-(abzsczt)', frames);
    }));

  it('pulls a window at a time, and goes on as the peer reads', () => {
    let pulled = 0;
    function* source(): Generator<string> {
      for (const text of 'abcdefgh') {
        pulled++;
        yield text;
      }
    }
    run(({ open, sent, does, expectObservable }) => {
      const { connection, peer } = open({ highWaterBytes: 2, lowWaterBytes: 0 });
      const pulledIs = (count: number) => () => expect(pulled).toBe(count);
      peer.stop();
      // Two are under way and two wait behind them: that is when it is known that the window is full.
      does('                                       -----t----t----t----s', {
        t: () => peer.take(2),
        s: () => peer.start(),
      });
      does('                                       ----4----4----8', { 4: pulledIs(4), 8: pulledIs(8) });
      const frames = Object.fromEntries([...'abcdefgh'].map((text) => [text, `+${text}`]));
      expectObservable(sent(peer)).toBe('          -----(ab)-(cd)-(ef)-(ghz)', { ...frames, z: '+.' });
      expectObservable(connection.sendFragments(source())).toBe('--------------------|');
    });
  });

  it('an endless source lets others have their turn', () => {
    let pulled = 0;
    const source: Iterable<string> = {
      [Symbol.iterator]: () => ({ next: () => ({ done: false, value: `${pulled++}` }) }),
    };
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ highWaterBytes: 100 });
      connection.messages.subscribe(() => connection.terminate());
      says(peer, 'a');
      expectObservable(connection.sendFragments(source).pipe(codeOf)).toBe('(x|)', {
        x: 'CONNECTION_CLOSED',
      });
    });
    expect(pulled).toBeLessThan(10_000);
  });

  it('lost: errors as the connection ended, and so does who waits for a turn', () => {
    const { errors } = run(({ open, says, hot, expectObservable, expectSubscriptions }) => {
      const opened = open();
      const { connection, peer } = opened;
      const source = hot('                                               -a-----b-|');
      says(peer, '                                                       ----#');
      const waiting = connection.sendFragments(['waits']);
      expectObservable(connection.sendFragments(source).pipe(codeOf)).toBe('----(x|)', {
        x: 'CONNECTION_CLOSED',
      });
      expectObservable(waiting.pipe(codeOf)).toBe('                      ----(x|)', {
        x: 'CONNECTION_CLOSED',
      });
      expectSubscriptions(source.subscriptions).toBe('                   ^---!');
      return opened;
    });
    expect(errors).toEqual([]);
  });

  it('closed by a peer that reads no more: it does not complete as if it were taken', () =>
    run(({ open, does, hot, expectObservable }) => {
      const { connection, peer } = open({ closeTimeoutMs: 9 });
      const source = hot('                                               -a----b|');
      peer.stop();
      does('                                                             --c', { c: () => peer.close(4001) });
      expectObservable(connection.sendFragments(source).pipe(codeOf)).toBe('-----------(x|)', {
        x: 'CONNECTION_CLOSED',
      });
    }));

  it('has time to finish before a close from here', () =>
    run(({ open, does, hot, sent, expectObservable }) => {
      const { connection, peer } = open();
      const source = hot('                                        -a---b|');
      does('                                                      --c', { c: () => connection.close(4000) });
      expectObservable(connection.sendFragments(source)).toBe('   ------|');
      expectObservable(sent(peer)).toBe('                         -a---b(zx|)', { ...parts, x: '#4000' });
    }));
});
