import { own } from '../../src/connection/own.ts';
import { ownerOf } from '../connection/ownerOf.ts';
import { describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import { Unowned } from '../../src/server/Unowned.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { peerOf } from '../connection/peerOf.ts';

describe('Unowned', () => {
  it.each([
    ['what waits', 'a', '--(ab)'],
    ['what arrives meanwhile', '', '--b'],
  ])('delivers nothing inside the emission, and all to those who subscribe there: %s', (_, incoming, seen) =>
    runMarbles(({ connection, hot, expectClosed, expectObservable }) => {
      const c = connection(incoming);
      const [first, second] = [new Subject<string>(), new Subject<string>()];
      const readers: string[] = [];
      // It is open before it is handed on.
      expect(c.state).toBe('open');
      hot('--h').subscribe(() => {
        new Unowned().hand(c, ({ text, messages }) => {
          text.subscribe(first);
          peerOf(c).send('b');
          messages.subscribe(second);
          expect(readers).toEqual([]);
        });
        expect(readers).toEqual([]);
      });
      first.subscribe(() => readers.push('first'));
      second.subscribe(() => readers.push('second'));
      expectObservable(first).toBe(seen);
      expectObservable(second).toBe(seen);
      expectClosed(c).toBe('');
    }),
  );

  it('closes with 1001 what nobody has taken over', () =>
    runMarbles(({ connection, hot, expectClosed }) => {
      const [free, taken, takenLate] = [connection(''), connection(''), connection('')];
      const unowned = new Unowned();
      unowned.hand(free, () => {});
      unowned.hand(taken, (c) => own(engineOf(c), ownerOf()));
      unowned.hand(takenLate, () => {});
      hot('                       -t').subscribe(() => own(engineOf(takenLate), ownerOf()));
      hot('                       --l').subscribe(() => unowned.leave());
      expectClosed(free).toBe('   --x', { code: 1001, by: 'local' });
      expectClosed(taken).toBe('');
      expectClosed(takenLate).toBe('');
    }));

  it('closes what is left inside its own emission', () =>
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('');
      const unowned = new Unowned();
      unowned.hand(c, () => unowned.leave());
      expectClosed(c).toBe('x', { code: 1001, by: 'local' });
    }));

  it('forgets what has ended', () => {
    const unowned = new Unowned();
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('  -|');
      unowned.hand(c, () => {});
      expectClosed(c).toBe('-x', { code: 1000 });
    });
    expect(Reflect.get(unowned, 'engines')).toHaveProperty('size', 0);
  });
});
