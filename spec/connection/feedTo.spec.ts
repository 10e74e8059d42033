import { describe, it } from '@jest/globals';
import { Observable, type ObservableInput } from 'rxjs';
import { engineOf } from '../../src/connection/EngineConnection.ts';
import type { Connection } from '../../src/connection/Connection.ts';
import { feedTo } from '../../src/connection/feedTo.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

/** What `feedTo` hands on; a text is sent, too. */
const fed = (connection: Connection<string, string>, source: ObservableInput<string>): Observable<string> =>
  new Observable((subscriber) =>
    feedTo(engineOf(connection), source, {
      next: (value) => {
        connection.send(value);
        subscriber.next(value);
      },
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );

describe('feedTo', () => {
  it('hands on what pushes as it comes', () =>
    runMarbles(({ connection, cold, expectSent, expectObservable, expectSubscriptions }) => {
      const c = connection('', {}, { writable: 'f-----t' });
      const source = cold('                     -a-b|');
      expectObservable(fed(c, source)).toBe('   -a-b|');
      expectSubscriptions(source.subscriptions).toBe('^---!');
      expectSent(c).toBe('                      ------(ab)');
    }));

  it('pulls only while the connection is writable', () =>
    runMarbles(({ connection, expectSent, expectObservable }) => {
      const c = connection('', {}, { writable: 'f----t', highWaterBytes: 1 });
      // That there is no room is known when something stays.
      expectObservable(fed(c, 'abcdef')).toBe(' a----(bcdef|)');
      expectSent(c).toBe('                      -----(abcdef)');
    }));
});
