import { describe, it } from '@jest/globals';
import { delay, map, of, startWith, switchMap, take, throwError, timeout } from 'rxjs';
import { CloseError } from '../../src/core/CloseError.ts';
import { flowMap } from '../../src/operators/flowMap.ts';
import { sendTo } from '../../src/operators/sendTo.ts';
import { handle } from '../../src/server/handle.ts';
import type { Handler } from '../../src/server/Handler.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

type In = { type: 'hello'; name: string } | { type: 'inc' } | { type: 'dec' };
type Out = { type: 'welcome'; name: string } | { type: 'count'; count: number };
const counter: Handler<In, Out> = ({ messages }) =>
  messages.pipe(
    take(1),
    timeout({ first: 5_000, with: () => throwError(() => new CloseError(4408, 'say hello')) }),
    switchMap((hello) => {
      if (hello.type !== 'hello') throw new CloseError(4400, 'hello first');
      let count = 0;
      return messages.pipe(
        map(({ type }) => ({ type: 'count' as const, count: type === 'inc' ? ++count : --count })),
        startWith({ type: 'welcome' as const, name: hello.name }),
      );
    }),
  );

describe('runMarbles', () => {
  it('echo greets, answers, and ends with its peer', () =>
    runMarbles(({ connection, expectSent, expectClosed, expectObservable }) => {
      const c = connection('--a-b-|', { a: 'ab', b: 'cd' });
      const ended = of(c).pipe(
        handle(({ text }) =>
          text.pipe(
            map((t) => [...t].reverse().join('')),
            startWith('Connected'),
          ),
        ),
      );
      expectObservable(ended.pipe(map(({ close }) => close.code))).toBe('------(x|)', { x: 1000 });
      expectSent(c).toBe('  x-y-z', { x: 'Connected', y: 'ba', z: 'dc' });
      expectClosed(c).toBe('------x', { code: 1000, by: 'peer' });
    }));

  it('a peer that says nothing for 5 s is sent away', () =>
    runMarbles(({ connection, expectClosed, expectObservable }) => {
      const c = connection<In>('');
      expectObservable(
        of(c).pipe(
          handle(counter),
          map(({ close }) => close.code),
        ),
      ).toBe('5s (x|)', { x: 4408 });
      expectClosed(c).toBe('5s x', { code: 4408, reason: 'say hello', by: 'local' });
    }));

  it('a slow project holds the peer', () =>
    runMarbles(({ connection, expectReading, expectSent, expectObservable }) => {
      const c = connection('abc------|', { a: 'a', b: 'b', c: 'c' });
      expectObservable(
        of(c).pipe(
          handle(() => c.text.pipe(flowMap(c, (t) => of(t).pipe(delay(3)), { maxWaiting: 1 }))),
          map(() => 0),
        ),
      ).toBe('---------(0|)');
      expectReading(c).toBe(' t-f---t');
      expectSent(c).toBe('    ---a--b--c');
    }));

  it('a slow reader gets the latest', () =>
    runMarbles(({ connection, hot, expectSent, expectDropped }) => {
      const c = connection('', {}, { writable: 't-f--t' });
      hot('-a-b-c-d')
        .pipe(sendTo(c, { overflow: 'latest' }))
        .subscribe();
      expectSent(c).toBe('   -a---c-d');
      expectDropped(c).toBe('-----x', { x: { count: 1, bytes: 1 } });
    }));
});
