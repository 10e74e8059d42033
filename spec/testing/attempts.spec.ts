import { describe, expect, it } from '@jest/globals';
import { catchError, map, type Observable, of, retry, switchMap } from 'rxjs';
import { reconnect } from '../../src/client/reconnect.ts';
import type { ConnectionClosedError } from '../../src/core/ConnectionClosedError.ts';
import { HandshakeError } from '../../src/core/HandshakeError.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('attempts', () => {
  it('is a dial for each subscription, whose life the subscription is', () => {
    runMarbles(({ attempts, connection, expectObservable, expectDialled, expectClosed }) => {
      const first = connection('--a--', {}, {});
      const dialled = attempts([first, connection('-b|')]);
      expectObservable(dialled.pipe(switchMap(({ text }) => text)), '^---!').toBe('--a');
      expectObservable(dialled.pipe(switchMap(({ text }) => text)), '------^').toBe('-------b|');
      expectDialled(dialled).toBe('x-----x');
      expectClosed(first).toBe('   ----x', { code: 1000, by: 'local' });
    });
  });

  it('errors as connect does: lost, and closed with an error code; not with 1000 or 1005', () => {
    runMarbles(({ attempts, connection, expectObservable }) => {
      const end = (marbles: string, config: { close?: { code: number } } = {}): Observable<string | number> =>
        attempts([connection(marbles, {}, config)]).pipe(
          switchMap(({ text }) => text),
          catchError((error: ConnectionClosedError) => of(error.close.code)),
        );
      expectObservable(end('-a#')).toBe(' -a(x|)', { a: 'a', x: 1006 });
      expectObservable(end('-a|', { close: { code: 1011 } })).toBe('-a(x|)', { a: 'a', x: 1011 });
      expectObservable(end('-a|')).toBe(' -a|');
      expectObservable(end('-a|', { close: { code: 1005 } })).toBe('-a|');
    });
  });

  it('fails where it was told to, at once or in time', () => {
    runMarbles(({ attempts, cold, expectObservable, connection }) => {
      const refused = new HandshakeError('refused', { status: 503 });
      const slow = cold<ReturnType<typeof connection>>('2s #', {}, refused);
      const dialled = attempts([refused, slow, connection('a|')]);
      const texts = dialled.pipe(
        switchMap(({ text }) => text),
        retry(),
      );
      expectObservable(texts).toBe('2s a|');
    });
  });

  it('reconnects after a loss', () => {
    runMarbles(({ attempts, connection, expectObservable }) => {
      const dialled = attempts([connection('--a-#', { a: 'a' }), connection('--b-|', { b: 'b' })]);
      expectObservable(
        dialled.pipe(
          switchMap(({ text }) => text),
          reconnect({ initialMs: 10 }),
        ),
      ).toBe('--a- 10ms --b-|');
    });
  });

  it('fails the test for a dial too many, and for a connection that is used twice', () => {
    expect(
      failure(({ attempts, connection }) => {
        const dialled = attempts([connection('-#')]);
        dialled.pipe(retry()).subscribe();
      }).message,
    ).toBe('attempts(…) was dialled 2 times, and has 1 in its list');
    const twice = failure(({ attempts, connection, expectObservable }) => {
      const one = connection('-|');
      const dialled = attempts([one, one]);
      expectObservable(dialled.pipe(map(() => 'c'))).toBe('c|');
      expectObservable(dialled.pipe(map(() => 'c')), '--^').toBe('--c');
    });
    expect(twice.message).toContain('a connection of attempts(…) was used already');
  });
});
