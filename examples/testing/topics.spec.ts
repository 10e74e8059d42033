// A room: what one says all are told, and who comes back what it missed. Ids are virtual too: 1-1 is the first, said at 1 ms.
import { test } from '@jest/globals';
import { type Connection, handle, json, memory, topics } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';
import { ignoreElements, merge, of, tap } from 'rxjs';

type Line = { text: string; id?: string };

const room = () => {
  const rooms = topics({
    codec: json<Line>(),
    bus: memory({ history: true }),
    withId: (line, id) => ({ ...line, id }),
  });
  return ({ messages, handshake: { query } }: Connection<Line, Line>) =>
    merge(
      rooms.messages('room', { since: query.get('since') ?? '0' }),
      messages.pipe(
        tap((line) => rooms.publish('room', line)),
        ignoreElements(),
      ),
    );
};

const said = { a: { text: 'a' }, b: { text: 'b' } };
const told = { A: { text: 'a', id: '1-1' }, B: { text: 'b', id: '1-2' } };

test('all are told, and who comes back what it missed', () =>
  runMarbles(({ connection, hot, expectSent }) => {
    const ann = connection<Line>(' -a---b', said);
    const bob = connection<Line>(' -------');
    const back = connection<Line>('-------', {}, { url: 'ws://localhost/?since=1-1' });
    const chat = room();
    of(ann, bob).pipe(handle(chat)).subscribe();
    hot('                          -------(c|)', { c: back }).pipe(handle(chat)).subscribe();
    expectSent(ann).toBe('         -A---B', told);
    expectSent(bob).toBe('         -A---B', told);
    expectSent(back).toBe('        -------B', told);
  }));
