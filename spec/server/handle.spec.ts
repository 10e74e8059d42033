import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { concatWith, EMPTY, ignoreElements, map, NEVER, type Observable, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Data, Sendable } from '../../src/core/Data.ts';
import type { Ended } from '../../src/server/Ended.ts';
import { handle } from '../../src/server/handle.ts';
import { memoryConnection } from './memoryConnection.ts';

type Any = Connection<Data, Sendable, undefined>;

let scheduler: TestScheduler;
beforeEach(() => {
  scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
});

const open = (incoming: Observable<string>, config = {}) => memoryConnection(scheduler, incoming, config);
const code = <Out>(ended: Observable<Ended<Data, Out, undefined>>) =>
  ended.pipe(map(({ close }) => String(close.code)));
const upper = ({ text }: Any) => text.pipe(map((line) => line.toUpperCase()));

describe('handle', () => {
  it('does nothing where no connection comes', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const connections = cold<Any>('-');
      expectObservable(connections.pipe(handle(upper))).toBe('-');
      expectSubscriptions(connections.subscriptions).toBe('^');
    });
  });

  it('completes with an empty source', () => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const connections = cold<Any>(' --|');
      expectObservable(connections.pipe(handle(upper))).toBe('--|');
      expectSubscriptions(connections.subscriptions).toBe('^-!');
    });
  });

  it('sends what the output emits, and ends with the peer', () => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const { connection, sent } = open(hot('         --a-b-|'));
      const connections = cold('                      (c|)', { c: connection });
      expectObservable(connections.pipe(handle(upper), code)).toBe('------(a|)', { a: '1000' });
      expectObservable(sent).toBe('                   --A-B-(c|)', { A: 'A', B: 'B', c: '1000' });
    });
  });

  it('serves many connections at once, and completes when the source and all of them have ended', () => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const a = open(hot('         -x---y----|'));
      const b = open(hot('         --z-|'));
      const connections = cold('   ab|', { a: a.connection, b: b.connection });
      const ended = connections.pipe(
        handle(upper),
        map(({ connection }) => (connection === a.connection ? 'A' : 'B')),
      );
      expectObservable(ended).toBe('----B-----(A|)');
      expectObservable(a.sent).toBe('-X---Y----(c|)', { X: 'X', Y: 'Y', c: '1000' });
      expectObservable(b.sent).toBe('--Z-(c|)', { Z: 'Z', c: '1000' });
    });
  });

  it('closes with 1000 when the output completes', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const { connection, sent } = open(NEVER);
      const output = cold('                    --x-|');
      const ended = of(connection).pipe(
        handle(() => output),
        map(({ close: { code: c, by, wasClean }, finished }) => [c, by, wasClean, finished].join()),
      );
      expectObservable(ended).toBe('           ----(e|)', { e: '1000,local,true,true' });
      expectObservable(sent).toBe('            --x-(c|)', { x: 'x', c: '1000' });
    });
  });

  it('stays open with concatWith(NEVER)', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, sent } = open(hot('    -----|'));
      const ended = of(connection).pipe(
        handle(() => of('hi').pipe(concatWith(NEVER))),
        code,
      );
      expectObservable(ended).toBe('             ----- 1s (e|)', { e: '1000' });
      expectObservable(sent).toBe('              h----(c|)', { h: 'hi', c: '1000' });
    });
  });

  it.each<[string, (c: Any) => Observable<string>]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['returns an Observable that errors', () => throwError(() => new Error('boom'))],
    ['returns nothing', () => undefined as never],
  ])('closes with 1011 the connection whose project %s, and no other', (_, project) => {
    scheduler.run(({ cold, hot, expectObservable }) => {
      const onError = jest.fn();
      const bad = open(NEVER, { onError });
      const good = open(hot('      --a--|'));
      const connections = cold('   (bg|)', { b: bad.connection, g: good.connection });
      const ended = connections.pipe(
        handle((c) => (c === bad.connection ? project(c) : upper(c))),
        map(({ close }) => `${close.code} ${close.error === undefined ? 'ok' : 'failed'}`),
      );
      expectObservable(ended).toBe('b----(g|)', { b: '1011 failed', g: '1000 ok' });
      expectObservable(good.sent).toBe('--A--(c|)', { A: 'A', c: '1000' });
      expectObservable(bad.sent).toBe('(c|)', { c: '1011' });
      scheduler.schedule(() => expect(onError.mock.calls).toEqual([[expect.anything(), bad.connection]]), 20);
    });
  });

  it('takes any ObservableInput', () => {
    scheduler.run(({ expectObservable }) => {
      const { connection, sent } = open(NEVER);
      const ended = of(connection).pipe(
        handle(() => ['a', 'b']),
        code,
      );
      expectObservable(sent).toBe(' (abc|)', { a: 'a', b: 'b', c: '1000' });
      expectObservable(ended).toBe('(c|)', { c: '1000' });
    });
  });

  it('unsubscribes the output of a lost connection before `messages` completes', () => {
    scheduler.run(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const { connection } = open(hot('    -a-#'));
      const output = cold('                -----x');
      const seen: string[] = [];
      const ended = of(connection).pipe(
        handle(({ messages, closed }) => {
          messages.subscribe({ complete: () => seen.push('completed') });
          closed.subscribe(() => seen.push('closed'));
          return output;
        }),
        map(({ close, finished }) => {
          seen.push('ended');
          return `${close.code} ${close.by} ${finished}`;
        }),
      );
      expectObservable(ended).toBe('       ---(e|)', { e: '1006 network false' });
      expectSubscriptions(output.subscriptions).toBe('^--!');
      scheduler.schedule(() => expect(seen).toEqual(['closed', 'ended', 'completed']), 20);
    });
  });

  it('gives an output 1 s to complete after a clean close, and says whether it did', () => {
    scheduler.run(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const quick = open(hot('   --|'));
      const slow = open(hot('    --|'));
      const quickly = cold('     900ms |');
      const slowly = cold('      2s |');
      const ended = of(quick.connection, slow.connection).pipe(
        handle((c) => (c === quick.connection ? quickly : slowly)),
        map(({ finished }) => String(finished)),
      );
      expectObservable(ended).toBe('900ms t 101ms (f|)', { t: 'true', f: 'false' });
      expectSubscriptions(slowly.subscriptions).toBe('^ 1001ms !');
    });
  });

  it('begins that second when what was held has been delivered', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection } = open(hot('   a-|'));
      const ended = of(connection).pipe(
        handle((c) => {
          const hold = c.hold();
          scheduler.schedule(() => hold.unsubscribe(), 5000);
          return c.text.pipe(ignoreElements());
        }),
        map(({ finished }) => String(finished)),
      );
      expectObservable(ended).toBe('      5s (t|)', { t: 'true' });
    });
  });

  it('passes the error of the source on, after the connections that are alive were closed and told', () => {
    scheduler.run(({ cold, expectObservable }) => {
      const { connection, sent } = open(NEVER);
      const connections = cold('   c--#', { c: connection });
      expectObservable(connections.pipe(handle(upper), code)).toBe('---(e#)', { e: '1001' });
      expectObservable(sent).toBe('---(c|)', { c: '1001' });
    });
  });

  it.each([
    ['server', '1001'],
    ['client', '1000'],
  ] as const)('closes what it has when it is unsubscribed: %s, %s', (side, leaveCode) => {
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const { connection, sent } = open(NEVER, { side });
      const connections = cold('c-----', { c: connection });
      const output = cold('     --x---y');
      const unsub = '           ----!';
      expectObservable(connections.pipe(handle(() => output)), unsub).toBe('-');
      expectSubscriptions(connections.subscriptions).toBe('^---!');
      expectSubscriptions(output.subscriptions).toBe('^---!');
      expectObservable(sent).toBe('--x-(c|)', { x: 'x', c: leaveCode });
    });
  });

  it('lets a handler close, send and read inside its own output', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, sent } = open(hot('   -a----b'));
      const ended = of(connection).pipe(
        handle(({ text, send, close }) =>
          text.pipe(
            map((line) => {
              send('s');
              if (line === 'b') close(4000, 'enough');
              return line;
            }),
          ),
        ),
        map(({ close }) => `${close.code} ${close.reason} ${close.by}`),
      );
      expectObservable(sent).toBe('             -(sa)-(sc|)', { s: 's', a: 'a', c: '4000' });
      expectObservable(ended).toBe('            ------(e|)', { e: '4000 enough local' });
    });
  });

  it('holds the reading of a connection while its sending is full', () => {
    scheduler.run(({ hot, expectObservable }) => {
      const { connection, transport } = open(hot('-a-b-c------'), { highWaterBytes: 2, lowWaterBytes: 1 });
      transport.peer.stop(1);
      scheduler.schedule(() => transport.peer.start(), 8);
      const ended = of(connection).pipe(handle((c) => upper(c).pipe(map((line) => line.repeat(2)))));
      expectObservable(connection.reading, '-^').toBe('-t-f----t', { t: true, f: false });
      expectObservable(ended).toBe('--');
    });
  });

  it('ends an empty output at once', () => {
    scheduler.run(({ expectObservable }) => {
      const { connection } = open(NEVER);
      expectObservable(
        of(connection).pipe(
          handle(() => EMPTY),
          code,
        ),
      ).toBe('(e|)', { e: '1000' });
    });
  });
});
