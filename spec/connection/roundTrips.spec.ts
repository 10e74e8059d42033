import { describe, it } from '@jest/globals';
import { take, timer } from 'rxjs';
import { runMarbles } from '../../src/testing/runMarbles.ts';

describe('roundTripMs', () => {
  it('tells of each ping, and to who comes late the last one', () =>
    runMarbles(({ connection, expectObservable }) => {
      const c = connection('---------|', {}, { pongMs: 2 });
      for (const at of [1, 4]) timer(at).subscribe(() => c.ping().subscribe());
      expectObservable(c.roundTripMs).toBe('            ---t--t--|', { t: 2 });
      expectObservable(c.roundTripMs, '-----^').toBe('  -----tt--|', { t: 2 });
      expectObservable(c.roundTripMs, '-^--!').toBe('   ---t', { t: 2 });
      expectObservable(c.roundTripMs.pipe(take(1))).toBe('---(t|)', { t: 2 });
      expectObservable(c.roundTripMs, '------------^').toBe('------------(t|)', { t: 2 });
    }));

  it('is silent where nobody pings, and ends with the connection', () =>
    runMarbles(({ connection, expectObservable }) => {
      const c = connection('---#');
      expectObservable(c.roundTripMs).toBe('      ---|');
      expectObservable(c.roundTripMs, '-----^').toBe('-----|');
    }));
});
