import { describe, expect, it } from '@jest/globals';
import {
  defer,
  finalize,
  firstValueFrom,
  map,
  merge,
  type Observable,
  switchMap,
  take,
  timer,
  toArray,
} from 'rxjs';
import { lifetime } from '../../src/client/lifetime.ts';
import type { ClientConnection } from '../../src/client/opening.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { peerOf } from '../connection/peerOf.ts';

/** The life of what `opening` gives. */
const living = <In>(opening: Observable<Connection<In, string, undefined>>) =>
  lifetime(opening as Observable<ClientConnection<In, string>>);
const side = 'client';
const asC = map(() => 'c');
const lost = (code: number): unknown =>
  expect.objectContaining({ code: 'CONNECTION_CLOSED', close: expect.objectContaining({ code }) });

describe('lifetime', () => {
  it('is a connection, and stays one', () =>
    runMarbles(({ connection, cold, expectClosed, expectObservable }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      expectObservable(living(opening).pipe(asC), '^').toBe('  --c');
      expectClosed(c).toBe('');
    }));

  it('ends with its subscription: closed with 1000', () =>
    runMarbles(({ connection, cold, expectClosed, expectObservable }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      const unsub = '                                          -----!';
      expectObservable(living(opening).pipe(asC), unsub).toBe('--c');
      expectClosed(c).toBe('                                   -----x', { code: 1000, by: 'local' });
    }));

  it('ends inside the emission, where that is enough', () =>
    runMarbles(({ connection, cold, expectClosed, expectObservable }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      expectObservable(living(opening).pipe(take(1), asC)).toBe('--(c|)');
      expectClosed(c).toBe('                                   --x', { code: 1000, by: 'local' });
    }));

  it('stops dialling on unsubscribe', () =>
    runMarbles(({ connection, cold, expectClosed, expectObservable, expectSubscriptions }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   ----(c|)', { c });
      const unsub = '                                          --!';
      expectObservable(living(opening).pipe(asC), unsub).toBe('-');
      expectSubscriptions(opening.subscriptions).toBe('        ^-!');
      expectClosed(c).toBe('');
    }));

  it('errors where nothing was opened', () =>
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const refused = new Error('refused');
      const opening = cold<Connection<string, string, undefined>>('--#', {}, refused);
      expectObservable(living(opening).pipe(asC)).toBe('       --#', {}, refused);
      expectSubscriptions(opening.subscriptions).toBe('        ^-!');
    }));

  it('completes when the peer closes with 1000', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('                                     --|', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      expectObservable(living(opening).pipe(asC)).toBe('       --c-|');
    }));

  it('completes when it is closed here', () =>
    runMarbles(({ connection, cold, hot, expectObservable }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      hot('                                                    ----x').subscribe(() => c.close(4000));
      expectObservable(living(opening).pipe(asC)).toBe('       --c-|');
    }));

  it('errors when the peer closes because of an error', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('                                     --|', {}, { side, close: { code: 1011 } });
      const opening = cold('                                   --(c|)', { c });
      expectObservable(living(opening).pipe(asC)).toBe('       --c-#', {}, lost(1011));
    }));

  it('errors before `messages` completes: half of a conversation is not taken for a whole one', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('                                     -a#', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      const whole = living(opening).pipe(switchMap((c) => c.messages.pipe(toArray())));
      expectObservable(whole).toBe('                           ----#', {}, lost(1006));
    }));

  it.each([
    ['completes', 1000, '------(ab|)'],
    ['errors', 4000, '   ------(ab#)'],
  ])('%s behind what was received, where the peer closed with %i', (_, code, expected) =>
    runMarbles(({ connection, cold, expectClosed, expectReading, expectObservable }) => {
      const c = connection('    --(ab|)', {}, { side, close: { code } });
      const opening = cold('  --(c|)', { c });
      const messages = living(opening).pipe(
        switchMap((c) => {
          const hold = c.hold();
          timer(4).subscribe(() => hold.unsubscribe());
          return c.messages;
        }),
      );
      expectObservable(messages).toBe(expected, undefined, lost(code));
      expectClosed(c).toBe('  ----x', { code, by: 'peer' });
      expectReading(c).toBe(' --f---t');
    }),
  );

  it('tells `closed` inside the pipeline before it errors', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('                                     --#', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      const codes = living(opening).pipe(switchMap(({ closed }) => closed.pipe(map(({ code }) => code))));
      expectObservable(codes).toBe('                           ----(x#)', { x: 1006 }, lost(1006));
    }));

  it('delivers nothing inside its emission: readers that subscribe there, in any order, get all', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      const both = living(opening).pipe(
        switchMap(({ text, binary }) => {
          const late = defer(() => {
            peerOf(c).send('a', Uint8Array.of(1), 'b');
            return text;
          });
          return merge(binary.pipe(map(([byte]) => byte)), late);
        }),
      );
      expectObservable(both, '                                 -----!').toBe('--(a1b)');
    }));

  it('lets go of its hold', () =>
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('', {}, { side });
      const opening = cold('                                   --(c|)', { c });
      const reading = living(opening).pipe(switchMap(({ reading }) => reading));
      expectObservable(reading).toBe('                         --(ft)', { f: false, t: true });
    }));

  it('has ended for who keeps only the first value', async () => {
    const first = runMarbles(({ connection, cold }) => {
      const c = connection('', {}, { side });
      return { connection: firstValueFrom(living(cold('--(c|)', { c }))) };
    });
    expect((await first.connection).state).toBe('closed');
  });

  it('ends for all that is of the connection, though a teardown throws', () => {
    const thrown: unknown[] = [];
    runMarbles(({ connection, cold, expectObservable }) => {
      const c = connection('  ----#', {}, { side, onError: (error) => thrown.push(error) });
      const throwing = living(cold('--(c|)', { c })).pipe(
        finalize(() => {
          throw new Error('mine');
        }),
      );
      throwing.subscribe({ error: () => {} });
      expectObservable(c.messages).toBe('----|');
    });
    expect(thrown).toEqual([expect.objectContaining({ errors: [new Error('mine')] })]);
  });
});
