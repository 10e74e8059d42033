// Time is virtual: a minute takes no time.
import { test } from '@jest/globals';
import type { Connection } from 'rxjs-ws';
import { runMarbles } from 'rxjs-ws/testing';
import { exhaustMap, interval, takeUntil, timeout } from 'rxjs';

/** A ping each 20 s; a peer that does not answer within 5 s more is cut. */
const keepAlive = ({ ping, terminate, closed }: Pick<Connection, 'ping' | 'terminate' | 'closed'>) =>
  interval(20_000)
    .pipe(
      exhaustMap(() => ping().pipe(timeout(5_000))),
      takeUntil(closed),
    )
    .subscribe({ error: terminate });

test('finds a dead peer, and leaves a living one', () =>
  runMarbles(({ connection, expectPinged, expectClosed }) => {
    const living = connection('50s |', {}, { pongMs: 30 });
    const dead = connection('', {}, { pongMs: Infinity });
    for (const peer of [living, dead]) keepAlive(peer);
    expectPinged(living).toBe('20s p 19999ms p');
    expectClosed(living).toBe('50s x', { code: 1000, by: 'peer' });
    expectClosed(dead).toBe('  25s x', { code: 1006, by: 'local' });
  }));
