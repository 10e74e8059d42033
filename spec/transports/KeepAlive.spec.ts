import { describe, expect, it } from '@jest/globals';
import { timer } from 'rxjs';
import { accept } from '../../src/server/accept.ts';
import { handle } from '../../src/server/handle.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { KeepAlive } from '../../src/transports/KeepAlive.ts';

const LOST = {
  code: 1006,
  by: 'network',
  wasClean: false,
  error: expect.objectContaining({ code: 'KEEP_ALIVE' }),
} as const;

describe('KeepAlive', () => {
  it('pings each 20 s, and leaves alone who answers', () =>
    runMarbles(({ connection, expectPinged, expectClosed }) => {
      const c = connection('65s |', {}, { pongMs: 30, keepAlive: {} });
      void c.messages;
      expectPinged(c).toBe('20s p 19999ms p 19999ms p');
      expectClosed(c).toBe('65s x', { code: 1000, by: 'peer' });
    }));

  it('finds who is gone 20 s after the ping', () =>
    runMarbles(({ connection, expectPinged, expectClosed }) => {
      const c = connection('', {}, { pongMs: Infinity, keepAlive: {} });
      void c.messages;
      expectPinged(c).toBe('20s p');
      expectClosed(c).toBe('40s x', LOST);
    }));

  it('takes its times from the config, and is off where it says so', () =>
    runMarbles(({ connection, expectPinged, expectClosed }) => {
      const quick = connection('', {}, { pongMs: Infinity, keepAlive: { intervalMs: 10, timeoutMs: 7 } });
      const never = connection(
        '',
        {},
        { pongMs: Infinity, keepAlive: { intervalMs: 10, timeoutMs: Infinity } },
      );
      const off = connection('5m |', {}, { keepAlive: false });
      const infinite = connection('5m |', {}, { keepAlive: { intervalMs: Infinity } });
      const none = connection('5m |');
      for (const c of [quick, never, off, infinite, none]) void c.messages;
      timer(45).subscribe(() => never.close());
      expectPinged(quick).toBe('10ms p');
      expectClosed(quick).toBe('17ms x', LOST);
      expectPinged(never).toBe('10ms p 9ms p 9ms p 9ms p');
      for (const c of [off, infinite, none]) expectPinged(c).toBe('');
    }));

  it('pings only who was silent: traffic is life', () =>
    runMarbles(({ connection, expectPinged, expectClosed }) => {
      const talks = connection('7s a 14s b 14s c 14s d 14s |', {}, { pongMs: Infinity, keepAlive: {} });
      talks.messages.subscribe();
      expectPinged(talks).toBe('');
      expectClosed(talks).toBe('63004ms x', { code: 1000 });
    }));

  it('finds within two intervals who talked and then is gone', () =>
    runMarbles(({ connection, expectPinged, expectClosed }) => {
      const c = connection('19s a', {}, { pongMs: Infinity, keepAlive: {} });
      c.messages.subscribe();
      // What came between two looks counts from the first of them.
      expectPinged(c).toBe('35s p');
      expectClosed(c).toBe('55s x', LOST);
    }));

  it('counts any byte for an answer, and asks again', () =>
    runMarbles(({ connection, expectPinged, expectClosed }) => {
      const c = connection('25s a', {}, { pongMs: Infinity, keepAlive: {} });
      c.messages.subscribe();
      expectPinged(c).toBe('20s p 19999ms p');
      expectClosed(c).toBe('60s x', LOST);
    }));

  it('tells an answer to another ping from its own', () =>
    runMarbles(({ connection, expectClosed }) => {
      const c = connection('', {}, { pongMs: 15_000, keepAlive: {} });
      timer(6_000).subscribe(() => c.ping('mine').subscribe());
      timer(70_000).subscribe(() => c.close(4000));
      expectClosed(c).toBe('70s x', { code: 4000 });
    }));

  it('does not kill a held connection for not being read', () =>
    runMarbles(({ connection, expectObservable, expectClosed, expectReading, expectPinged }) => {
      const c = connection('1s a 199s |', {}, { pongMs: 1, readAheadBytes: 1, keepAlive: {} });
      const hold = c.hold();
      timer(90_000).subscribe(() => hold.unsubscribe());
      expectObservable(c.messages).toBe('90s a 110s |');
      expectReading(c).toBe('f 89999ms t');
      expectClosed(c).toBe('200001ms x', { code: 1000 });
      // It is paused from 1 s on: what it answers is read after 90 s.
      expectPinged(c).toBe(
        '20s p 19999ms p 19999ms p 19999ms p 29999ms p 19999ms p 19999ms p 19999ms p 19999ms p',
      );
    }));

  it('begins the deadline anew when a paused connection is read on', () =>
    runMarbles(({ connection, expectClosed, expectReading }) => {
      const c = connection('19s a', {}, { pongMs: Infinity, readAheadBytes: 1, keepAlive: {} });
      const hold = c.hold();
      c.messages.subscribe();
      timer(75_000).subscribe(() => hold.unsubscribe());
      expectReading(c).toBe('f 74999ms t');
      expectClosed(c).toBe('95s x', LOST);
    }));

  it('finds a dead peer under a hold that has paused nothing', () =>
    runMarbles(({ connection, expectClosed, expectReading }) => {
      const c = connection('', {}, { pongMs: Infinity, keepAlive: {} });
      c.hold();
      expectClosed(c).toBe('40s x', LOST);
      expectReading(c).toBe('f');
    }));

  it('takes bytes that leave at last for a sign of life', () =>
    runMarbles(({ connection, expectClosed }) => {
      const c = connection(
        '',
        {},
        { writable: 'f 29s t 39s f', pongMs: Infinity, stalledTimeoutMs: Infinity, keepAlive: {} },
      );
      c.send('a');
      expectClosed(c).toBe('60s x', LOST);
    }));

  it('tells how long answers take, to who comes late the last one', () =>
    runMarbles(({ connection, expectObservable }) => {
      const c = connection('50s |', {}, { pongMs: 30, keepAlive: {} });
      expectObservable(c.roundTripMs).toBe('20030ms a 19999ms a 9969ms |', { a: 30 });
      expectObservable(c.roundTripMs, '30s ^').toBe('30s a 10029ms a 9969ms |', { a: 30 });
      expectObservable(c.roundTripMs, '60s ^').toBe('60s (a|)', { a: 30 });
    }));

  it('works for a client that comes later, too, and for accept as its config says', () =>
    runMarbles(({ hot, upgrade, expectPinged, expectClosed }) => {
      const first = upgrade('', {}, { pongMs: Infinity });
      const second = upgrade('', {}, { pongMs: Infinity });
      const third = upgrade('', {}, { pongMs: Infinity });
      hot('-a 3s b', { a: first, b: second })
        .pipe(
          accept(undefined, { keepAlive: { intervalMs: 1_000, timeoutMs: 500 } }),
          handle(({ messages }) => messages),
        )
        .subscribe();
      hot('-c', { c: third }).pipe(accept()).subscribe();
      expectPinged(first).toBe('1001ms p');
      expectClosed(first).toBe('1501ms x', LOST);
      expectPinged(second).toBe('4002ms p');
      expectClosed(second).toBe('4502ms x', LOST);
      expectPinged(third).toBe('');
    }));

  it('refuses times that are none', () => {
    for (const config of [{ intervalMs: 0 }, { timeoutMs: -1 }, { intervalMs: NaN }]) {
      expect(() => KeepAlive.of(nodeClock, config)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
      );
      expect(() => accept(undefined, { keepAlive: config })).toThrow(/keepAlive takes times/);
    }
  });

  it('is one for all that have the same times', () => {
    expect(KeepAlive.of(nodeClock, { intervalMs: 20_000 })).toBe(
      KeepAlive.of(nodeClock, { intervalMs: 20_000 }),
    );
    expect(KeepAlive.of(nodeClock, { intervalMs: 20_000 })).not.toBe(
      KeepAlive.of(nodeClock, { intervalMs: 20_001 }),
    );
    expect(KeepAlive.of(nodeClock, {})).toBeDefined();
    expect(KeepAlive.of(nodeClock, false)).toBeUndefined();
  });
});
