// A request and its reply: in time, and too late.
import { test } from '@jest/globals';
import { request, type RxjsWsError } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';
import { catchError, merge, of } from 'rxjs';

interface Reply {
  id: number;
}

test('a request gets the reply with its id, or a timeout', () =>
  runMarbles(({ connection, expectSent, expectObservable }) => {
    const replies = { a: { id: 1 }, b: { id: 2 } };
    const server = connection<Reply>('--a---b', replies);
    const ask = (id: number) =>
      request(server, { id }, { matches: (reply) => reply.id === id, timeoutMs: 4 }).pipe(
        catchError((error: unknown) => of((error as RxjsWsError).code)),
      );
    server.messages.subscribe();
    expectObservable(merge(ask(1), ask(2))).toBe('--a-(t|)', { ...replies, t: 'REQUEST_TIMEOUT' });
    expectSent(server).toBe('(ab)', replies);
  }));
