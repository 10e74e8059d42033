// A client that comes back: each dial comes to the next of a list.
import { test } from '@jest/globals';
import { HandshakeError, reconnect } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';
import { switchMap } from 'rxjs';

test('comes back after a loss and a refusal, later each time', () =>
  runMarbles(({ attempts, connection, expectObservable, expectDialled }) => {
    const busy = new HandshakeError('busy', { status: 503 });
    const dials = attempts([connection('--a-#'), busy, connection('--b-|')]);
    const texts = dials.pipe(
      switchMap(({ text }) => text),
      reconnect({ initialMs: 10 }),
    );
    expectObservable(texts).toBe(' --a- 10ms 20ms --b-|');
    expectDialled(dials).toBe('   x---- 9ms x 19ms x');
  }));
