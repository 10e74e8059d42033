import { describe, expect, it } from '@jest/globals';
import { decode } from '../../src/connection/decode.ts';
import type { Codec } from '../../src/core/Codec.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { virtualClock } from '../../src/testing/virtualClock.ts';
import { VirtualTimeScheduler } from 'rxjs';

/** What is called, and whether it was called at once. */
async function outcome(decoded: () => unknown): Promise<unknown[]> {
  const codec: Codec<unknown, unknown> = { decode: decoded, encode: () => '' };
  const calls: unknown[] = [];
  decode(
    codec,
    'data',
    (value) => calls.push(['done', value]),
    (error) => calls.push(['fail', error]),
    { clock: nodeClock, timeoutMs: 1_000 },
  );
  calls.push('returned');
  for (let i = 0; i < 5; i++) await Promise.resolve();
  return calls;
}
const thenable = (
  then: (done: (value: unknown) => void, fail: (error: unknown) => void) => void,
): unknown => ({ then });
const oops = 'oops';

describe('decode', () => {
  it.each<[string, () => unknown, unknown[]]>([
    ['a value', () => 1, [['done', 1], 'returned']],
    ['undefined', () => undefined, [['done', undefined], 'returned']],
    ['an object that is no promise', () => ({ then: 1 }), [['done', { then: 1 }], 'returned']],
    ['a promise', () => Promise.resolve(1), ['returned', ['done', 1]]],
    ['a rejection', () => Promise.reject(oops as unknown as Error), ['returned', ['fail', oops]]],
    [
      'a throw',
      () => {
        throw oops;
      },
      [['fail', oops], 'returned'],
    ],
    [
      'a thenable that does both, and throws',
      () =>
        thenable((done, fail) => {
          done(1);
          done(2);
          fail(oops);
          throw oops;
        }),
      [['done', 1], 'returned'],
    ],
    [
      'a thenable that throws',
      () =>
        thenable(() => {
          throw oops;
        }),
      [['fail', oops], 'returned'],
    ],
    [
      'a `then` that cannot be read',
      () => ({
        get then(): unknown {
          throw oops;
        },
      }),
      [['fail', oops], 'returned'],
    ],
  ])('calls back once, for %s', async (_name, decoded, calls) => {
    expect(await outcome(decoded)).toEqual(calls);
  });

  it('fails with 1007 where a promise does not settle in time', () => {
    const scheduler = new VirtualTimeScheduler();
    const calls: unknown[] = [];
    const codec: Codec<unknown, unknown> = { decode: () => new Promise(() => {}), encode: () => '' };
    const limit = { clock: virtualClock(scheduler), timeoutMs: 30 };
    const fail = (error: unknown): unknown =>
      calls.push(scheduler.now(), (error as { closeCode: number }).closeCode);
    decode(codec, 'data', () => calls.push('done'), fail, limit);
    scheduler.flush();
    expect(calls).toEqual([30, 1007]);
  });

  it('gives the codec the data', () => {
    const seen: unknown[] = [];
    decode(
      { decode: (data) => seen.push(data), encode: () => '' },
      'data',
      () => {},
      () => {},
      { clock: nodeClock, timeoutMs: 1_000 },
    );
    expect(seen).toEqual(['data']);
  });
});
