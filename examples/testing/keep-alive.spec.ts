// Time is virtual: a minute takes no time.
import { test } from '@jest/globals';
import { runMarbles } from 'rxjs-ws/testing';

test('finds a dead peer, and leaves a living one', () =>
  runMarbles(({ connection, expectPinged, expectClosed }) => {
    const keepAlive = { intervalMs: 20_000, timeoutMs: 5_000 };
    const living = connection('50s |', {}, { pongMs: 30, keepAlive });
    const dead = connection('', {}, { pongMs: Infinity, keepAlive });
    for (const peer of [living, dead]) peer.text.subscribe();
    expectPinged(living).toBe('20s p 19999ms p');
    expectClosed(living).toBe('50s x', { code: 1000, by: 'peer' });
    expectClosed(dead).toBe('  25s x', { code: 1006, by: 'network' });
  }));
