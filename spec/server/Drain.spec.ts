import { describe, it } from '@jest/globals';
import { concatWith, ignoreElements, interval, map, of, timer } from 'rxjs';
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

  it('spreads the closes, and serves on until the turn comes', () =>
    runMarbles(({ connection, expectClosed, expectSent }) => {
      const drain = new Drain(300);
      const peers = ['-', '-', '150ms a', '50ms |'].map((incoming) => connection(incoming));
      for (const peer of peers) drain.add(peer);
      of(...peers)
        .pipe(handle(({ text }) => text))
        .subscribe();
      timer(10).subscribe(() => drain.start());
      ['10ms x', '85ms x', '160ms x'].forEach((closed, i) =>
        expectClosed(peers[i]!).toBe(closed, { code: 1001 }),
      );
      expectClosed(peers[3]!).toBe('50ms x', { code: 1000, by: 'peer' });
      expectSent(peers[2]!).toBe('150ms a');
    }));

  it('ends what does not end: the idle, the held, the stalled, who answers no close, and who writes on', () =>
    runMarbles(({ connection, expectClosed, expectObservable, expectReading }) => {
      const drain = new Drain();
      const limits = { closeTimeoutMs: 1_000, finishTimeoutMs: 5_000 };
      const idle = connection('', {}, limits);
      const held = connection('a', {}, limits);
      const stalled = connection('', {}, { ...limits, writable: 'f' });
      const silent = connection('', {}, { ...limits, closeMs: Infinity });
      const endless = connection('', {}, limits);
      const all = [idle, held, stalled, silent, endless];
      for (const peer of all) drain.add(peer);
      held.hold();
      of(...all)
        .pipe(
          handle((c) =>
            c === endless ? interval(100).pipe(map((count) => `${count}`)) : c === stalled ? of('x') : c.text,
          ),
        )
        .subscribe();
      timer(10).subscribe(() => drain.start());
      expectClosed(idle).toBe('10ms x', { code: 1001, wasClean: true });
      expectClosed(held).toBe('1010ms x', { code: 1001, wasClean: true });
      expectClosed(stalled).toBe('1s x', { code: 1000, wasClean: false });
      expectClosed(silent).toBe('1010ms x', { code: 1001, wasClean: false });
      expectClosed(endless).toBe('1010ms x', { code: 1001, wasClean: true });
      expectReading(held).toBe('f');
      expectObservable(drain.ended.pipe(map(() => 'e'))).toBe('1010ms e');
    }));

  it('cuts half a second after the deadline', () =>
    runMarbles(({ connection, expectClosed }) => {
      const drain = new Drain();
      // Its handler ends late, and then nobody answers its close.
      const late = connection('', {}, { closeTimeoutMs: 1_000, closeMs: Infinity });
      drain.add(late);
      of(late)
        .pipe(handle(({ text }) => text.pipe(concatWith(timer(900).pipe(ignoreElements())))))
        .subscribe();
      drain.start();
      expectClosed(late).toBe('1500ms x', { code: 1001, wasClean: false });
    }));
});
