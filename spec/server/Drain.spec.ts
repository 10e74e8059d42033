import { describe, it } from '@jest/globals';
import { concatWith, map, of } from 'rxjs';
import { Drain } from '../../src/server/Drain.ts';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const once = map(() => 'x');

describe('Drain', () => {
  it('starts and ends at once where nothing is open', () =>
    runMarbles(({ hot, expectObservable }) => {
      const drain = new Drain();
      hot('                                          --s-s').subscribe(() => drain.start());
      expectObservable(drain.started.pipe(once)).toBe('--x');
      expectObservable(drain.ended.pipe(once)).toBe('  --x');
    }));

  it('does not end before it starts, though all have ended', () =>
    runMarbles(({ connection, hot, expectClosed, expectObservable }) => {
      const drain = new Drain();
      const c = connection('                           -|');
      drain.add(c);
      hot('                                            ----s').subscribe(() => drain.start());
      expectClosed(c).toBe('                           -x');
      expectObservable(drain.ended.pipe(once)).toBe('  ----x');
    }));

  it('closes what nobody answers with 1001', () =>
    runMarbles(({ connection, hot, expectClosed, expectObservable }) => {
      const drain = new Drain();
      const c = connection('');
      drain.add(c);
      hot('                                            --s').subscribe(() => drain.start());
      expectClosed(c).toBe('                           --x', { code: 1001, by: 'local' });
      expectObservable(drain.ended.pipe(once)).toBe('  --x');
    }));

  it('lets those finish that someone answers, and waits for the last one', () =>
    runMarbles(({ connection, cold, hot, expectSent, expectClosed, expectObservable }) => {
      const drain = new Drain();
      const [one, other] = [connection('               a-b-c-d'), connection('')];
      drain.add(one);
      drain.add(other);
      const farewells = { one: cold('                     ---z|'), other: cold('-----z|') };
      const answered = of(one, other).pipe(
        handle((c) => c.text.pipe(concatWith(c === one ? farewells.one : farewells.other))),
        map(({ connection }) => (connection === one ? '1' : '2')),
      );
      hot('                                            ---s').subscribe(() => drain.start());
      expectObservable(answered).toBe('                -------1-(2|)');
      expectSent(one).toBe('                           a-b---z');
      expectSent(other).toBe('                         --------z');
      expectClosed(one).toBe('                         -------x', { code: 1001 });
      expectClosed(other).toBe('                       ---------x', { code: 1001 });
      expectObservable(drain.ended.pipe(once)).toBe('  ---------x');
    }));

  it('tells those who ask late', () =>
    runMarbles(({ expectObservable }) => {
      const drain = new Drain();
      drain.start();
      expectObservable(drain.started.pipe(once)).toBe('x');
      expectObservable(drain.ended.pipe(once)).toBe('  x');
    }));
});
