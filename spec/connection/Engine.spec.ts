import { own } from '../../src/connection/own.ts';
import { ownerOf } from './ownerOf.ts';
import { concat, finalize, map, NEVER, type Observable, of } from 'rxjs';
import { describe, expect, it, jest } from '@jest/globals';
import { drain } from '../../src/connection/drain.ts';
import { CloseError } from '../../src/core/CloseError.ts';
import type { CloseInfo } from '../../src/core/CloseInfo.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import { type Opened, run } from './marbles.ts';

const endOf = (closed: Observable<CloseInfo>): Observable<string> =>
  closed.pipe(map(({ code, by, wasClean }) => `${code} ${by} ${wasClean ? 'clean' : 'lost'}`));

describe('closed', () => {
  it('never, while the connection is open', () =>
    run(({ open, expectObservable }) => {
      expectObservable(open().connection.closed).toBe('-');
    }));

  it('emits once and completes, for early and late, and those who asked early and subscribe late', () =>
    run(({ open, does, expectObservable }) => {
      const { connection, peer } = open();
      const { closed } = connection;
      const info: CloseInfo = { code: 4000, reason: 'bye', wasClean: true, by: 'peer', openMs: 3 };
      does('                          ---c', { c: () => peer.close(4000, 'bye') });
      expectObservable(closed).toBe(' ---(i|)', { i: info });
      expectObservable(closed, '      -------^').toBe('-------(i|)', { i: info });
      expectObservable(connection.closed, '-!').toBe('-');
    }));

  it('comes before all else: owners, pings, frames, messages', () => {
    const order: string[] = [];
    run(({ open, says }) => {
      const { connection, peer } = open();
      peer.pongMs = Infinity;
      connection.messages.subscribe({ complete: () => order.push('messages') });
      connection.frames.subscribe({ complete: () => order.push('frames') });
      connection.ping().subscribe({ error: () => order.push('ping') });
      connection.closed.subscribe(() => order.push(`owner, ${connection.state}`));
      connection.closed.subscribe(() => order.push('closed'));
      says(peer, '--#');
    });
    expect(order).toEqual(['owner, closed', 'closed', 'ping', 'frames', 'messages']);
  });

  it.each(['closed', 'reading', 'writable', 'dropped', 'frames', 'roundTripMs'] as const)(
    'tells all of the end, though a teardown of who watches `%s` throws',
    (where) => {
      const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const told: string[] = [];
      let reported: readonly unknown[] = [];
      run(({ open, says }) => {
        const { connection, peer, errors } = open();
        reported = errors;
        const throwing = (connection[where] as Observable<unknown>).pipe(
          finalize(() => {
            throw new Error('mine');
          }),
        );
        throwing.subscribe();
        for (const name of [where, 'messages'] as const)
          (connection[name] as Observable<unknown>).subscribe({ complete: () => told.push(name) });
        says(peer, '--#');
      });
      expect(told).toEqual([where, 'messages']);
      expect(warned.mock.calls.length + reported.length).toBe(1);
      warned.mockRestore();
    },
  );

  it('a subscriber may do what it likes: nothing happens twice', () => {
    let times = 0;
    const { transport } = run(({ open, says, expectObservable }) => {
      const opened = open();
      const { connection, peer } = opened;
      connection.closed.subscribe(() => {
        times++;
        connection.close(4000);
        connection.terminate();
        connection.send('a');
        connection.closed.subscribe(() => times++);
      });
      says(peer, '                                    --#');
      expectObservable(endOf(connection.closed)).toBe('--(x|)', { x: '1006 network lost' });
      return opened;
    });
    expect(times).toBe(2);
    expect(transport.calls.map(({ name }) => name)).toEqual(['open']);
  });
});

describe('an end', () => {
  it.each<[string, string, (opened: Opened<Data, Sendable>) => void]>([
    ['a close from here', '4000 local clean', ({ connection }) => connection.close(4000)],
    ['a close by the peer', '4001 peer clean', ({ peer }) => peer.close(4001)],
    ['a cut', '1006 network lost', ({ peer }) => peer.cut()],
    ['terminate', '1006 local lost', ({ connection }) => connection.terminate()],
    [
      'a close from here, then terminate',
      '4000 local lost',
      ({ connection, peer }) => {
        peer.closeMs = Infinity;
        connection.close(4000);
        connection.terminate();
      },
    ],
    [
      'a close from here, then a cut',
      '4000 local lost',
      ({ connection, peer }) => {
        peer.closeMs = Infinity;
        connection.close(4000);
        peer.cut();
      },
    ],
    [
      'both at once',
      '4000 local clean',
      ({ connection, peer }) => {
        peer.closeMs = Infinity;
        connection.close(4000);
        peer.close(4001);
      },
    ],
    [
      'a close from here that the peer forestalls',
      '4001 peer clean',
      ({ connection, peer }) => {
        peer.stop(0);
        connection.send('a');
        connection.close(4000);
        peer.close(4001);
        peer.start();
      },
    ],
    [
      'a close from here that waits for a message in parts, forestalled',
      '4001 peer clean',
      ({ connection, peer }) => {
        connection.sendFragments(concat(of('half'), NEVER)).subscribe({ error: () => {} });
        connection.close(4000);
        peer.close(4001);
      },
    ],
    [
      'terminate in the middle of a close by the peer',
      '4001 peer clean',
      ({ connection, peer }) => {
        peer.stop(0);
        peer.close(4001);
        connection.terminate();
      },
    ],
  ])('%s: %s', (_name, end, action) =>
    run(({ open, does, expectObservable }) => {
      const opened = open();
      does('                                                -a', { a: () => action(opened) });
      expectObservable(endOf(opened.connection.closed)).toBe('-(x|)', { x: end });
      expectObservable(opened.connection.messages).toBe('     -|');
    }),
  );

  it('keeps what the transport knows of a fault, and what was meant here', () =>
    run(({ open, does, expectObservable }) => {
      const [bare, meant] = [open(), open()];
      const reset = { code: 'ECONNRESET' };
      meant.peer.closeMs = Infinity;
      does('-c-d', {
        c: () => meant.connection.close(4000, 'mine'),
        d: () => [bare, meant].forEach(({ peer }) => peer.cut(reset)),
      });
      const lost = { wasClean: false, openMs: 3, error: reset };
      expectObservable(bare.connection.closed).toBe(' ---(x|)', {
        x: { code: 1006, reason: '', by: 'network', ...lost },
      });
      expectObservable(meant.connection.closed).toBe('---(x|)', {
        x: { code: 4000, reason: 'mine', by: 'local', ...lost },
      });
    }));

  it('leaves nothing: no timer, no call of the transport', () => {
    const { transports, pending } = run(({ open, does, scheduler, flush }) => {
      const config = { stalledTimeoutMs: 50, unreadTimeoutMs: 50, closeTimeoutMs: 50 };
      const connections = Array.from({ length: 4 }, () => open(config));
      const [local, peer, cut, terminated] = connections as [(typeof connections)[0], ...typeof connections];
      for (const opened of connections) {
        opened.peer.send('unread');
        opened.connection.hold();
      }
      does('-a', {
        a: () => {
          local.connection.close();
          peer!.peer.close(4000);
          cut!.peer.cut();
          terminated!.connection.terminate();
        },
      });
      flush();
      return { transports: connections.map(({ transport }) => transport), pending: scheduler.actions.length };
    });
    expect(pending).toBe(0);
    const calls = transports.map((transport) => transport.calls.map(({ name }) => name).join(' '));
    expect(calls).toEqual(['open write close', 'open write', 'open', 'open terminate']);
  });
});

describe('a failing function of the user', () => {
  const foreign = (closeCode: number): object => ({ code: 'CLOSE', closeCode, reason: 'by another copy' });

  it.each<[string, unknown, string]>([
    ['an error: 1011, and nothing of its text', new Error('secret'), '1011 ""'],
    ['a CloseError: what it says', new CloseError(4400, 'say please'), '4400 "say please"'],
    ['a CloseError of another copy', foreign(4401), '4401 "by another copy"'],
    ['one that chooses what may not be sent', foreign(1006), '1011 ""'],
    ['undefined', undefined, '1011 ""'],
    ['a text', 'oops', '1011 ""'],
  ])('%s', (_name, error, seen) => {
    const { errors } = run(({ open, does, expectObservable }) => {
      const opened = open();
      const { connection } = opened;
      does('                              -f', { f: () => connection.engine.fail(error) });
      const told = connection.closed.pipe(map(({ code, reason }) => `${code} "${reason}"`));
      expectObservable(told).toBe('       -(x|)', { x: seen });
      expectObservable(connection.closed.pipe(map((close) => close.error))).toBe('-(x|)', { x: error });
      return opened;
    });
    expect(errors).toEqual([error]);
  });
});

describe('an owner', () => {
  it.each([
    ['server', '1001 local clean'],
    ['client', '1000 local clean'],
  ] as const)('that leaves closes a %s with %s', (side, end) =>
    run(({ open, does, expectObservable }) => {
      const { connection } = open({}, { side });
      does('                                         -l', { l: () => connection.engine.leave() });
      expectObservable(endOf(connection.closed)).toBe('-(x|)', { x: end });
    }),
  );
});

describe('drain', () => {
  it('reads no more: messages completes, what is sent still leaves, and the owner closes', () =>
    run(({ open, says, does, sent, expectObservable }) => {
      const { connection, peer } = open();
      const { engine } = connection;
      own(engine, ownerOf());
      says(peer, '                                      a-b-c-d');
      does('                                            ---d-s-l', {
        d: () => drain(engine),
        s: () => connection.send('last'),
        l: () => engine.leave(),
      });
      expectObservable(connection.messages).toBe('      a-b|');
      expectObservable(sent(peer)).toBe('               -----s-(x|)', { s: 'last', x: '#1001' });
      expectObservable(endOf(connection.closed)).toBe(' -------(x|)', { x: '1001 local clean' });
    }));

  it('delivers first what waits, under its holds', () =>
    run(({ open, says, does, holds, expectObservable }) => {
      const { connection, peer } = open({ readAheadBytes: 1 });
      const { engine } = connection;
      own(engine, ownerOf());
      says(peer, '                                      -ab');
      holds(connection, '                               ^------!');
      does('                                            ---d', { d: () => drain(engine) });
      expectObservable(connection.messages).toBe('      -------(a|)');
    }));

  it('closes at once what nobody owns', () =>
    run(({ open, does, expectObservable }) => {
      const { connection } = open();
      does('                                            -d', { d: () => drain(connection.engine) });
      expectObservable(endOf(connection.closed)).toBe(' -(x|)', { x: '1001 local clean' });
    }));
});
