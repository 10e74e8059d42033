import { watching } from '../../src/connection/watching.ts';
import fc from 'fast-check';
import { concat, map, merge, type Observable, switchMap, take, timer, type Unsubscribable } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import type { Codec } from '../../src/core/Codec.ts';
import type { Data } from '../../src/core/Data.ts';
import type { Engine } from '../../src/connection/Engine.ts';
import { run } from './marbles.ts';

/** '3 a' is decoded to 'a' in 3 frames; '3 !' cannot be decoded. */
const slow: Codec<string, string> = {
  decode: (data) => ({
    then: (done, fail) => {
      const [ms, text] = (data as string).split(' ') as [string, string];
      timer(Number(ms)).subscribe(() => {
        if (text === '!') fail!(new Error('undecodable'));
        else done!(text);
      });
      return Promise.resolve() as never;
    },
  }),
  encode: (message) => message,
};
const codeOf = (closed: Observable<CloseInfo>): Observable<string> =>
  closed.pipe(map(({ code }) => `${code}`));

describe('messages', () => {
  it('never: stays open and silent', () =>
    run(({ open, expectObservable }) => {
      const { connection } = open();
      expectObservable(connection.messages).toBe('-');
    }));

  it('empty: completes with the connection', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                             ---|');
      expectObservable(connection.messages).toBe('---|');
    }));

  it('one, many: at once, in order', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                             -a--(bc)-d-|');
      expectObservable(connection.messages).toBe('-a--(bc)-d-|');
    }));

  it('completes when the connection is lost too', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                             -a-#');
      expectObservable(connection.messages).toBe('-a-|');
    }));

  it('early unsubscribe: the rest waits for the next reader', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                               -a-b--c-d-------e-|');
      expectObservable(connection.messages, '  ^---!').toBe('-a-b-');
      expectObservable(connection.messages, '  ----------^').toBe('----------(cd)--e-|');
    }));

  it('late: what waited, in a later turn of the same frame, and then the end', () => {
    const seen: unknown[] = [];
    run(({ open, says, does, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                               (ab|)');
      does('                                     ---------s', {
        s: () => {
          connection.messages.subscribe((data) => seen.push(data));
          seen.push('subscribed');
        },
      });
      expectObservable(connection.messages, '  ---------^').toBe('---------(ab|)');
    });
    expect(seen).toEqual(['subscribed', 'a', 'b']);
  });

  it('take(1) and another reader in its place, inside the delivery', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      const one = connection.messages.pipe(take(1));
      says(peer, '                                                         (abc)-d');
      expectObservable(concat(one, connection.text.pipe(take(1)), one)).toBe('(abc|)');
    }));

  it('switchMap from reader to reader loses nothing', () =>
    run(({ open, says, hot, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                   a-(bc)--d-e-');
      const switching = hot('        -0---1----2-').pipe(switchMap(() => connection.messages));
      expectObservable(switching).toBe('-a(bc)--d-e-');
    }));

  it('merge of the halves gets everything', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      const messages = { a: 'a', b: Uint8Array.of(1) };
      says(peer, '                       (abab)', messages);
      const merged = timer(9).pipe(switchMap(() => merge(connection.text, connection.binary)));
      expectObservable(merged).toBe('---------(abab)', messages);
    }));

  it('reentrant: siblings get all in order, whatever one does in its turn', () => {
    const followers: string[] = [];
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      const reentrant = connection.text.pipe(
        map((data) => {
          connection.text.pipe(take(1)).subscribe((next) => followers.push(data + next));
          connection.messages.subscribe().unsubscribe();
          connection.hold().unsubscribe();
          connection.send(data);
          return data;
        }),
      );
      says(peer, '                             -(abc)-d-|');
      expectObservable(reentrant).toBe('       -(abc)-d-|');
      expectObservable(connection.messages).toBe('-(abc)-d-|');
    });
    expect(followers).toEqual(['ab', 'bc', 'cd']);
  });

  it('close inside a delivery: siblings still get that message, nobody another', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      connection.text.subscribe((data) => data === 'b' && connection.close(4000));
      says(peer, '                             -(abc)-d');
      expectObservable(connection.messages).toBe('-(ab|)');
      expectObservable(codeOf(connection.closed)).toBe('-(x|)', { x: '4000' });
    }));
});

describe('holds', () => {
  it('stop the delivery, and not the socket', () => {
    const { transport } = run(({ open, says, holds, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      says(peer, '                                   -a--b-c--|');
      holds(connection, '                            ---^----------!');
      expectObservable(connection.reading).toBe('      t--f-----|', { t: true, f: false });
      expectObservable(codeOf(connection.closed)).toBe('---------(x|)', { x: '1000' });
      expectObservable(connection.messages).toBe('     -a------------(bc|)');
      return opened;
    });
    expect(transport.framesOf('pause')).toEqual([]);
  });

  it('overlap: one is enough', () =>
    run(({ open, says, holds, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                             a-b-c-d-e-------f');
      holds(connection, '                      -^---!');
      holds(connection, '                      ---^-----!');
      expectObservable(connection.reading).toBe(' tf-------t', { t: true, f: false });
      expectObservable(connection.messages).toBe('a--------(bcde)-f');
    }));

  it('release and hold again: nothing slips through', () =>
    run(({ open, says, holds, expectObservable }) => {
      const { connection, peer } = open();
      says(peer, '                             -a-|');
      holds(connection, '                      ^---!');
      holds(connection, '                      ----^-!');
      expectObservable(connection.messages).toBe('------(a|)');
    }));

  it('taken inside a delivery: siblings still get that message', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open();
      connection.messages.subscribe(() => {
        const hold = connection.hold();
        timer(3).subscribe(() => hold.unsubscribe());
      });
      says(peer, '                             (abc)----|');
      expectObservable(connection.messages).toBe('a--b--c--|');
    }));

  it('go before a close from here, which then is answered at once', () => {
    const { transport } = run(({ open, says, does, expectObservable }) => {
      const opened = open({ readAheadBytes: 8 });
      const { connection, peer } = opened;
      connection.hold();
      says(peer, '                             -a');
      does('                                   ---c', { c: () => connection.close(4000) });
      expectObservable(connection.messages).toBe('---|');
      expectObservable(codeOf(connection.closed)).toBe('---(x|)', { x: '4000' });
      return opened;
    });
    expect([transport.framesOf('pause'), transport.framesOf('resume')]).toEqual([[1], [3]]);
  });
});

describe('read-ahead', () => {
  // A message of one byte counts for nine.
  it('pauses the socket while it is full, until most has been delivered', () => {
    const { transport } = run(({ open, says, holds, expectObservable }) => {
      const opened = open({ readAheadBytes: 24 });
      const { connection, peer } = opened;
      says(peer, '                             -a-b-c-d-e-|');
      holds(connection, '                      ^-------------!');
      expectObservable(connection.frames.pipe(map(({ data }) => data))).toBe('-a-b-c--------(de|)');
      expectObservable(connection.messages).toBe('--------------(abcde|)');
      return opened;
    });
    expect([transport.framesOf('pause'), transport.framesOf('resume')]).toEqual([[5], [14]]);
  });

  it('takes the rest of the chunk that was in hand', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open({ readAheadBytes: 1 });
      does('                                   -a-b', {
        a: () => peer.send('a', 'b', 'c'),
        b: () => peer.send('d'),
      });
      expectObservable(connection.frames.pipe(map(({ data }) => data))).toBe('-(abc)---d');
      expectObservable(connection.messages, '  ---------^').toBe('---------(abcd)');
    }));

  it('bounds empty messages too', () => {
    const { transport } = run(({ open, says }) => {
      const opened = open({ readAheadBytes: 24 });
      says(opened.peer, 'abcdefgh', Object.fromEntries([...'abcdefgh'].map((key) => [key, ''])));
      return opened;
    });
    expect(transport.framesOf('pause')).toEqual([2]);
  });

  it('keeps bytes of its own: a small view does not pin its chunk', () => {
    const chunk = new Uint8Array(65_536).fill(7);
    const got: Uint8Array[] = [];
    run(({ open, does }) => {
      const { connection, peer } = open();
      does('ab-c', {
        a: () => peer.send(chunk.subarray(4, 6)),
        b: () => connection.binary.subscribe((data) => got.push(data)),
        c: () => chunk.fill(0),
      });
    });
    expect(got.map((data) => [[...data], data.buffer.byteLength])).toEqual([[[7, 7], 2]]);
  });

  it('closes with 1008 where the platform cannot pause', () =>
    run(({ open, says, expectObservable }) => {
      const capabilities = { hold: false, ping: false, fragments: false };
      const { connection, peer } = open({ maxQueuedBytes: 20 }, { capabilities });
      says(peer, '                                   -a-b-c-d');
      expectObservable(codeOf(connection.closed)).toBe('-----(x|)', { x: '1008' });
    }));
});

describe('unread messages', () => {
  const config = { unreadTimeoutMs: 5 };

  it('close the connection in time, each start counting anew', () =>
    run(({ open, says, holds, expectObservable }) => {
      const { connection, peer } = open(config);
      says(peer, '                                   -a---b');
      expectObservable(connection.messages, '        ---^--!');
      holds(connection, '                            --------^--------!');
      says(peer, '                                   ------c');
      expectObservable(codeOf(connection.closed)).toBe('----------------------(x|)', { x: '1008' });
    }));

  it('close nothing while there is a reader, a hold, or nothing to read', () =>
    run(({ open, says, holds, expectObservable }) => {
      const [read, held, silent] = [open(config), open(config), open(config)];
      says(read.peer, '                                         -a 9ms b');
      expectObservable(read.connection.binary).toBe('           -');
      says(held.peer, '                                         -a');
      holds(held.connection, '                                  ^');
      for (const { connection } of [read, held, silent]) expectObservable(connection.closed).toBe('-');
    }));

  it('may wait for ever', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ unreadTimeoutMs: Infinity });
      says(peer, '                                         -a');
      expectObservable(connection.closed).toBe('               -');
      expectObservable(connection.messages, '60m ^').toBe('60m a');
    }));
});

describe('decoding', () => {
  const messages = { a: '3 a', b: '0 b', c: '1 c', x: '2 !' };

  it('keeps the order', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: slow });
      says(peer, '                             -(ab)------c-|', messages);
      expectObservable(connection.messages).toBe('----(ab)----c|');
    }));

  it('goes on after the end, which waits for it', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: slow });
      says(peer, '                                   -a-|', messages);
      expectObservable(codeOf(connection.closed)).toBe('---(x|)', { x: '1000' });
      expectObservable(connection.messages).toBe('     ----(a|)');
    }));

  it('delivers nothing under a hold that began meanwhile', () =>
    run(({ open, says, holds, expectObservable }) => {
      const { connection, peer } = open({ codec: slow });
      says(peer, '                             -(ab)---|', messages);
      holds(connection, '                      --^----------!');
      expectObservable(connection.messages).toBe('-------------(ab|)');
    }));

  it('loses nothing where the only reader left meanwhile', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: slow });
      says(peer, '                               -(ab)---|', messages);
      expectObservable(connection.messages, '  ^-!').toBe('-');
      expectObservable(connection.messages, '  ----------^').toBe('----------(ab|)');
    }));

  it('what is decoded and not read is unread', () =>
    run(({ open, says, expectObservable }) => {
      const { connection, peer } = open({ codec: slow, unreadTimeoutMs: 5 });
      says(peer, '                                   -a', messages);
      expectObservable(connection.messages, '        ^-!').toBe('-');
      expectObservable(codeOf(connection.closed)).toBe('---------(x|)', { x: '1008' });
    }));

  it('that fails closes with 1007, and what is behind it is not delivered', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const opened = open({ codec: slow });
      says(opened.peer, '                                   -(xb)', messages);
      expectObservable(codeOf(opened.connection.closed)).toBe('---(x|)', { x: '1007' });
      expectObservable(opened.connection.messages).toBe('     ---|');
      return opened;
    });
    expect(errors).toEqual([new Error('undecodable')]);
  });

  it('that fails after a close from here is nobody’s affair', () => {
    const { errors } = run(({ open, says, does, expectObservable }) => {
      const opened = open({ codec: slow });
      says(opened.peer, '                                   -x', messages);
      does('                                            --c', { c: () => opened.connection.close() });
      expectObservable(opened.connection.messages).toBe('     ---|');
      return opened;
    });
    expect(errors).toEqual([]);
  });
});

describe('watching', () => {
  const watch = ({ connection }: { connection: { engine: Engine } }): Observable<string> =>
    watching(connection.engine);
  /** Makes capitals, and keeps what it was given. */
  const capitals = (): Codec<string, string> & { given: Data[] } => {
    const given: Data[] = [];
    const decode = (data: Data): string => {
      given.push(data);
      if (data === 'x') throw new Error('undecodable');
      return (data as string).toUpperCase();
    };
    return { given, decode, encode: (message) => message };
  };

  it('shows all as it arrives, though nobody reads, and takes nothing; each is decoded once', () => {
    const codec = capitals();
    run(({ open, says, expectObservable }) => {
      const opened = open({ codec });
      says(opened.peer, '                                     -a-b-----c-|');
      expectObservable(watch(opened)).toBe('                  -A-B-----C-|');
      expectObservable(opened.connection.messages, '    -----^').toBe('-----(AB)C-|');
    });
    expect(codec.given).toEqual(['a', 'b', 'c']);
  });

  it('shows what is read, before it is read', () => {
    const codec = capitals();
    const seen: string[] = [];
    run(({ open, says, expectObservable }) => {
      const opened = open({ codec });
      const { connection, peer } = opened;
      connection.messages.subscribe((value) => seen.push(`read ${value}`));
      watch(opened).subscribe((value) => seen.push(`seen ${value}`));
      connection.text.subscribe((data) => seen.push(`text ${data}`));
      says(peer, 'ab');
      expectObservable(connection.messages).toBe('AB');
    });
    expect(seen).toEqual(['seen A', 'read A', 'text a', 'seen B', 'read B', 'text b']);
    expect(codec.given).toEqual(['a', 'b']);
  });

  it('needs no codec', () =>
    run(({ open, says, expectObservable }) => {
      const opened = open();
      says(opened.peer, '                                     -a-b-----c-|');
      expectObservable(watch(opened)).toBe('                  -a-b-----c-|');
      expectObservable(watch(opened), '                 -^!').toBe('-a');
      expectObservable(opened.connection.messages, '    -----^').toBe('-----(ab)c-|');
    }));

  it.each([
    ['though nobody reads', false],
    ['though someone reads', true],
  ])('shows nothing while it is held, %s', (_, reads) =>
    run(({ open, says, holds, expectObservable }) => {
      const opened = open({ codec: capitals() });
      const { connection, peer } = opened;
      says(peer, '                             a-b-c-------d-|');
      holds(connection, '                      -^------!');
      expectObservable(watch(opened)).toBe('   A-------(BC)D-|');
      if (reads) expectObservable(connection.messages).toBe('A-------(BC)D-|');
    }),
  );

  it('shows what was held when the connection ended, and only then completes', () =>
    run(({ open, says, holds, expectObservable }) => {
      const opened = open({ codec: capitals() });
      says(opened.peer, '                               --ab#');
      holds(opened.connection, '                        -^------!');
      expectObservable(watch(opened)).toBe('            --------(AB|)');
    }));

  it('shows nothing that had arrived before: unread, held, or being decoded', () =>
    run(({ open, says, holds, expectObservable }) => {
      const unread = open({ codec: capitals() });
      says(unread.peer, '                               ab--c-|');
      expectObservable(watch(unread), '           --^').toBe('  ----C-|');
      const held = open({ codec: capitals() });
      says(held.peer, '                                 ab--c-----|');
      holds(held.connection, '                          ^-------!');
      expectObservable(watch(held), '             --^').toBe('  --------C-|');
      const busy = open({ codec: slow });
      says(busy.peer, '                                 ab-c------|', { a: '3 a', b: '3 b', c: '3 c' });
      expectObservable(busy.connection.messages).toBe('         ---a--b--c|');
      expectObservable(watch(busy), '             --^').toBe('  ---------c|');
    }));

  it('keeps the order where decoding takes its time, and whoever comes and goes meanwhile', () =>
    run(({ open, says, expectObservable }) => {
      const opened = open({ codec: slow });
      says(opened.peer, '                                     abc---------|', {
        a: '3 a',
        b: '3 b',
        c: '0 c',
      });
      expectObservable(watch(opened)).toBe('                  ---a--(bc)--|');
      expectObservable(opened.connection.messages, '    -^---!').toBe('---a--');
      expectObservable(opened.connection.messages, '    --------^').toBe('--------(bc)|');
    }));

  it('goes on where a reader came only to leave', () =>
    run(({ open, says, expectObservable }) => {
      const codec = capitals();
      const opened = open({ codec });
      const { connection, peer } = opened;
      says(peer, '                                             -a-b-(cd)-----|');
      expectObservable(watch(opened)).toBe('                  -A-B-(CD)-----|');
      expectObservable(connection.messages.pipe(take(1)), '   ----^').toBe('----(A|)');
      expectObservable(connection.messages, '                 ---------^').toBe('---------(BCD)|');
    }));

  it('inside the showing: who reads, holds or leaves there', () => {
    const order: string[] = [];
    run(({ open, says, does, expectObservable }) => {
      const opened = open({ codec: capitals() });
      const { connection, peer } = opened;
      watch(opened)
        .pipe(take(1))
        .subscribe(() => {
          connection.messages.subscribe((value) => order.push(value));
          order.push('subscribed');
        });
      says(peer, '-a-b--c');
      let release = (): void => {};
      watch(opened).subscribe((value) => {
        if (value !== 'B') return;
        const hold = connection.hold();
        release = () => hold.unsubscribe();
      });
      does('                                           -----r', { r: () => release() });
      expectObservable(connection.messages, '          --^').toBe('-----BC');
      // Whoever begins to watch in there sees the next one.
      const next = watch(opened).pipe(
        take(1),
        switchMap(() => watch(opened)),
      );
      expectObservable(next).toBe('                    ---B--C');
    });
    expect(order).toEqual(['subscribed', 'A', 'B', 'C']);
  });

  it('loses nothing where the only reader left inside the showing', () =>
    run(({ open, says, expectObservable }) => {
      const opened = open({ codec: capitals() });
      const { connection, peer } = opened;
      const leaving = connection.messages.subscribe();
      watch(opened).subscribe((value) => value === 'B' && leaving.unsubscribe());
      says(peer, '                                   -a-b-c-----|');
      expectObservable(connection.messages, '  ------^').toBe('------(BC)-|');
    }));

  it('does not count as reading', () =>
    run(({ open, says, expectObservable }) => {
      const opened = open({ unreadTimeoutMs: 5 });
      expectObservable(watch(opened)).toBe('            -a----|');
      says(opened.peer, '                               -a');
      expectObservable(codeOf(opened.connection.closed)).toBe('------(x|)', { x: '1008' });
    }));

  it('pauses the socket all the same', () => {
    const { transport } = run(({ open, says, expectObservable }) => {
      const opened = open({ readAheadBytes: 18, codec: capitals() });
      says(opened.peer, '                               -a-b-c-d');
      expectObservable(watch(opened), '         ^-------!').toBe('-A-B');
      return opened;
    });
    expect(transport.framesOf('pause')).toEqual([3]);
  });

  it('what cannot be decoded closes with 1007, and is shown to nobody', () => {
    const { errors } = run(({ open, says, expectObservable }) => {
      const opened = open({ codec: capitals() });
      says(opened.peer, '                                   -a-xb');
      expectObservable(watch(opened)).toBe('                -A-|');
      expectObservable(codeOf(opened.connection.closed)).toBe('---(x|)', { x: '1007' });
      expectObservable(opened.connection.messages, '    ----^').toBe('----|');
      return opened;
    });
    expect(errors).toEqual([new Error('undecodable')]);
  });

  it('shows nothing after a close from here, and completes with the connection, at once for who comes later', () =>
    run(({ open, says, does, expectObservable }) => {
      const opened = open({ codec: slow });
      const { connection, peer } = opened;
      peer.closeMs = Infinity;
      says(peer, '                                 -a-b', { a: '3 a', b: '0 b' });
      does('                                       --c--e', {
        c: () => connection.close(),
        e: () => peer.cut(),
      });
      expectObservable(watch(opened)).toBe('       -----|');
      expectObservable(watch(opened), '      -------^').toBe('-------|');
    }));

  it('every message once to each, whoever reads, holds and watches when', () => {
    const act = fc.constantFrom('say', 'read', 'unread', 'hold', 'release', 'watch', 'turn');
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), fc.boolean(), (acts, isSlow) => {
        run(({ open, scheduler }) => {
          const given: Data[] = [];
          const decode = (data: Data): string | PromiseLike<string> => {
            given.push(data);
            return isSlow
              ? (slow.decode(`${given.length % 3} ${data as string}`) as PromiseLike<string>)
              : (data as string);
          };
          const opened = open({ codec: { decode, encode: (message: string) => message } });
          const { connection, peer } = opened;
          const [read, readings, holdings]: [string[], Unsubscribable[], Unsubscribable[]] = [[], [], []];
          const watchers: { from: number; shown: string[] }[] = [];
          let said = 0;
          const doing: Record<string, () => void> = {
            say: () => peer.send(`${said++}`),
            read: () => {
              if (readings.length === 0)
                readings.push(connection.messages.subscribe((value) => read.push(value)));
            },
            unread: () => readings.pop()?.unsubscribe(),
            hold: () => void holdings.push(connection.hold()),
            release: () => holdings.pop()?.unsubscribe(),
            watch: () => {
              const watcher = { from: said, shown: [] as string[] };
              watchers.push(watcher);
              watch(opened).subscribe((value) => watcher.shown.push(value));
            },
          };
          let at = 0;
          for (const name of acts) {
            if (name === 'turn') at++;
            else scheduler.schedule(doing[name]!, at);
          }
          scheduler.schedule(() => {
            for (const hold of holdings) hold.unsubscribe();
            doing['read']!();
          }, 99);
          scheduler.schedule(() => {
            const all = Array.from({ length: said }, (_, i) => `${i}`);
            expect(read).toEqual(all);
            expect(given).toEqual(all);
            for (const { from, shown } of watchers) expect(shown).toEqual(all.slice(from));
          }, 200);
        });
      }),
      { numRuns: 200 },
    );
  });
});
