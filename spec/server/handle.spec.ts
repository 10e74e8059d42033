import { describe, expect, it, jest } from '@jest/globals';
import {
  concatWith,
  EMPTY,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  of,
  Subject,
  tap,
  throwError,
  timer,
} from 'rxjs';
import type { Connection } from '../../src/connection/Connection.ts';
import type { Ended } from '../../src/server/Ended.ts';
import { sendTo } from '../../src/operators/sendTo.ts';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

type Any = Connection<string, string, undefined>;

const upper = ({ text }: Any) => text.pipe(map((line) => line.toUpperCase()));
const always =
  <T>(output: T) =>
  (): T =>
    output;
const code = map(({ close }: Pick<Ended, 'close'>) => close.code);
const finished = map(({ finished }: Pick<Ended, 'finished'>) => finished);

describe('handle', () => {
  it('does nothing where no connection comes', () =>
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const connections = cold<Any>('                        -');
      expectObservable(connections.pipe(handle(upper))).toBe('-');
      expectSubscriptions(connections.subscriptions).toBe('  ^');
    }));

  it('completes with an empty source', () =>
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const connections = cold<Any>('                        --|');
      expectObservable(connections.pipe(handle(upper))).toBe('--|');
      expectSubscriptions(connections.subscriptions).toBe('  ^-!');
    }));

  it('sends what the output emits, and ends with the peer', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectObservable }) => {
      const c = connection('                             --a-b-|');
      expectObservable(of(c).pipe(handle(upper), code)).toBe('------(x|)', { x: 1000 });
      expectSent(c).toBe('                               --x-y', { x: 'A', y: 'B' });
      expectClosed(c).toBe('                             ------x', { code: 1000, by: 'peer' });
    }));

  it('serves many connections at once, and completes when the source and all of them have ended', () =>
    runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable }) => {
      const a = connection('          -x---y----|');
      const b = connection('           -z-|');
      const connections = cold('      ab|', { a, b });
      const ended = connections.pipe(
        handle(upper),
        map((one) => (one.connection === a ? 'A' : 'B')),
      );
      expectObservable(ended).toBe('  ----B-----(A|)');
      expectSent(a).toBe('            -X---Y');
      expectSent(b).toBe('            --Z');
      expectClosed(a).toBe('          ----------x', { code: 1000 });
      expectClosed(b).toBe('          ----x', { code: 1000 });
    }));

  it('closes with 1000 when the output completes', () =>
    runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable }) => {
      const c = connection('');
      const output = cold('         --x-|');
      const ended = of(c).pipe(handle(always(output)), finished);
      expectObservable(ended).toBe('----(t|)', { t: true });
      expectSent(c).toBe('          --x');
      expectClosed(c).toBe('        ----x', { code: 1000, by: 'local', wasClean: true });
    }));

  it('stays open with concatWith(NEVER)', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectObservable }) => {
      const c = connection('        -----|');
      const ended = of(c).pipe(handle(always(of('a').pipe(concatWith(NEVER)))), code);
      expectObservable(ended).toBe('1005ms (x|)', { x: 1000 });
      expectSent(c).toBe('          a');
      expectClosed(c).toBe('        -----x', { code: 1000, by: 'peer' });
    }));

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
    const onError = jest.fn();
    const bad = runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable }) => {
      const bad = connection('', {}, { onError });
      const good = connection('      -a--|');
      const connections = cold('    (bg|)', { b: bad, g: good });
      const ended = connections.pipe(
        handle((c) => (c === bad ? project(c) : upper(c))),
        map(({ close }) => (close.error === undefined ? close.code : `${close.code} failed`)),
      );
      expectObservable(ended).toBe('b---(g|)', { b: '1011 failed', g: 1000 });
      expectSent(good).toBe('       -A');
      expectClosed(good).toBe('     ----x', { code: 1000 });
      expectSent(bad).toBe('');
      expectClosed(bad).toBe('      x', { code: 1011, reason: '', by: 'local' });
      return bad;
    });
    expect(onError.mock.calls).toEqual([[expect.any(Error), expect.anything()]]);
    expect(onError.mock.lastCall![1]).toBe(bad);
  });

  it('takes any ObservableInput', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectObservable }) => {
      const c = connection('');
      const ended = of(c).pipe(handle(always(['a', 'b'])), finished);
      expectObservable(ended).toBe('(t|)', { t: true });
      expectSent(c).toBe('          (ab)');
      expectClosed(c).toBe('        x', { code: 1000, by: 'local' });
    }));

  it('unsubscribes the output of a lost connection before `messages` completes', () =>
    runMarbles(({ connection, cold, expectClosed, expectObservable, expectSubscriptions }) => {
      const c = connection('                                -a-#');
      const output = cold('                                 -----x');
      const order = new Subject<string>();
      const ended = of(c).pipe(
        handle(({ messages, closed }) => {
          messages.subscribe({ complete: () => order.next('m') });
          closed.subscribe(() => order.next('c'));
          return output;
        }),
        tap(() => order.next('e')),
        finished,
      );
      expectObservable(order).toBe('                        ---(cem)');
      expectObservable(ended).toBe('                        ---(f|)', { f: false });
      expectSubscriptions(output.subscriptions).toBe('      ^--!');
      expectClosed(c).toBe('                                ---x', { code: 1006, by: 'network' });
    }));

  it('does not take what the output has of the end of its own connection for a failure', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const onError = jest.fn();
      const lost = connection<string>('                  -a-#', {}, { onError });
      const other = connection<string>('                 -a-#');
      const ended = of(lost).pipe(
        handle((c) => merge(cold<string>('-----x').pipe(sendTo(c)), c.messages)),
        map(({ close: { code, error }, finished: isFinished }) => [
          code,
          error,
          isFinished,
          onError.mock.calls.length,
        ]),
      );
      expectObservable(ended).toBe('                    ---(e|)', { e: [1006, undefined, false, 0] });
      // That of another one is one.
      const failed = connection('                        ----', {}, { onError: () => {} });
      const relayed = of(failed).pipe(
        handle(() => cold<never>('-----x').pipe(sendTo(other))),
        map(({ close: { code, error } }) => [code, (error as { code: string }).code]),
      );
      expectObservable(relayed).toBe('                  ---(e|)', { e: [1011, 'CONNECTION_CLOSED'] });
    }));

  it('gives an output 1 s to complete after a clean close, and says whether it did', () =>
    runMarbles(({ connection, cold, expectObservable, expectSubscriptions }) => {
      const [quick, slow] = [connection('                   --|'), connection('--|')];
      const quickly = cold('                                900ms |');
      const slowly = cold('                                 2s |');
      const ended = of(quick, slow).pipe(
        handle((c) => (c === quick ? quickly : slowly)),
        finished,
      );
      expectObservable(ended).toBe('                        900ms t 101ms (f|)', { t: true, f: false });
      expectSubscriptions(slowly.subscriptions).toBe('      ^ 1001ms !');
    }));

  it('begins that second when what was held has been delivered', () =>
    runMarbles(({ connection, expectReading, expectObservable }) => {
      const c = connection('           a-|');
      const ended = of(c).pipe(
        handle((c) => {
          const hold = c.hold();
          timer(5_000).subscribe(() => hold.unsubscribe());
          return c.text.pipe(ignoreElements());
        }),
        finished,
      );
      expectReading(c).toBe('          f 4999ms t');
      expectObservable(ended).toBe('   5s (t|)', { t: true });
    }));

  it('passes the error of the source on, after the connections that are alive were closed and told', () =>
    runMarbles(({ connection, cold, expectClosed, expectObservable }) => {
      const c = connection('');
      const connections = cold('                                 c--#', { c });
      expectObservable(connections.pipe(handle(upper), code)).toBe('---(x#)', { x: 1001 });
      expectClosed(c).toBe('                                     ---x', { code: 1001, by: 'local' });
    }));

  it.each([
    ['server', 1001],
    ['client', 1000],
  ] as const)('closes what it has when it is unsubscribed: %s, %d', (side, leaveCode) =>
    runMarbles(({ connection, cold, expectSent, expectClosed, expectObservable, expectSubscriptions }) => {
      const c = connection('', {}, { side });
      const connections = cold('                               c-----', { c });
      const output = cold('                                    --x---y');
      const unsub = '                                          ----!';
      expectObservable(connections.pipe(handle(always(output))), unsub).toBe('-');
      expectSubscriptions(connections.subscriptions).toBe('    ^---!');
      expectSubscriptions(output.subscriptions).toBe('         ^---!');
      expectSent(c).toBe('                                     --x');
      expectClosed(c).toBe('                                   ----x', { code: leaveCode, by: 'local' });
    }),
  );

  it('lets a handler close, send and read inside its own output', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectObservable }) => {
      const c = connection('          -a----b');
      const ended = of(c).pipe(
        handle(({ text, send, close }) =>
          text.pipe(
            map((line) => {
              send('s');
              if (line === 'b') close(4000, 'enough');
              return line;
            }),
          ),
        ),
        code,
      );
      expectSent(c).toBe('            -(sa)-s');
      expectClosed(c).toBe('          ------x', { code: 4000, reason: 'enough', by: 'local' });
      expectObservable(ended).toBe('  ------(x|)', { x: 4000 });
    }));

  it('holds the reading of a connection while its sending is full', () =>
    runMarbles(({ connection, expectSent, expectReading, expectObservable }) => {
      const slow = { writable: '                           t-f-----t', highWaterBytes: 2, lowWaterBytes: 1 };
      const c = connection('                               -a-b-c---', {}, slow);
      expectObservable(of(c).pipe(handle(upper))).toBe('   -');
      expectReading(c).toBe('                              t--f----t');
      expectSent(c).toBe('                                 -A------(BC)');
    }));

  it('ends an empty output at once', () =>
    runMarbles(({ connection, expectObservable }) => {
      const ended = of(connection('')).pipe(handle(always(EMPTY)), code);
      expectObservable(ended).toBe('(x|)', { x: 1000 });
    }));
});
