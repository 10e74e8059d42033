// A conversation: what the peer says above, what it is told below.
import { test } from '@jest/globals';
import { handle } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';
import { map, of, startWith } from 'rxjs';

test('greets, answers, and ends with its peer', () =>
  runMarbles(({ connection, expectSent, expectClosed }) => {
    const peer = connection('    --a-b-|');
    of(peer)
      .pipe(
        handle(({ text }) =>
          text.pipe(
            map((line) => line.toUpperCase()),
            startWith('hello'),
          ),
        ),
      )
      .subscribe();
    expectSent(peer).toBe('  h-A-B', { h: 'hello' });
    expectClosed(peer).toBe('------x', { code: 1000, by: 'peer' });
  }));
