import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Backoff } from '../../src/client/Backoff.ts';
import { link } from '../../src/client/link.ts';
import { reconnect } from '../../src/client/reconnect.ts';
import type { ReconnectConfig } from '../../src/client/ReconnectConfig.ts';
import { surroundings } from '../../src/core/surroundings.ts';
import { ended, refused } from './failures.ts';

const { random } = surroundings;
afterEach(() => {
  surroundings.random = random;
});

/** The waits after `errors`, in a row; what is thrown instead of one is in its place. */
function delays(config: ReconnectConfig, errors: readonly unknown[], chance = 1): unknown[] {
  surroundings.random = () => chance;
  const backoff = new Backoff(config);
  return errors.map((error) => {
    try {
      return backoff.delayAfter(error);
    } catch (thrown) {
      return thrown;
    }
  });
}
const lost = ended();

describe('Backoff', () => {
  it('doubles up to the most', () => {
    expect(delays({}, Array(9).fill(lost))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(delays({ initialMs: 10, maxMs: 25 }, [lost, lost, lost])).toEqual([10, 20, 25]);
  });

  it('is chance, from nothing up', () => {
    expect(delays({}, [lost, lost], 0.5)).toEqual([125, 250]);
    expect(delays({}, [lost, lost], 0)).toEqual([0, 0]);
  });

  it('begins anew after a stable connection, and after no other', () => {
    const opened = (openMs: number) => ended({ openMs });
    expect(delays({}, [lost, lost, opened(4_999), opened(5_000), lost])).toEqual([250, 500, 1_000, 250, 500]);
    expect(delays({ stableMs: 10 }, [lost, opened(9), opened(10)])).toEqual([250, 500, 250]);
    expect(delays({}, [lost, refused(), ended({ openMs: NaN }), refused(503)])).toEqual([
      250, 500, 1_000, 2_000,
    ]);
  });

  it('throws the last error when the attempts are used up, which a stable connection gives back', () => {
    const stable = ended({ openMs: 6_000 });
    expect(delays({ attempts: 2 }, [lost, lost, lost])).toEqual([250, 500, lost]);
    expect(delays({ attempts: 2 }, [lost, lost, stable, lost, lost])).toEqual([250, 500, 250, 500, lost]);
    expect(delays({ attempts: 0 }, [lost])).toEqual([lost]);
  });

  it('throws what gets no further attempt', () => {
    const [login, mine] = [refused(401), new Error('mine')];
    expect(delays({}, [lost, login, mine])).toEqual([250, login, mine]);
  });

  it('asks `when`, and tells it what is the default', () => {
    const when = jest.fn((error: unknown) => error === mine);
    const mine = new Error('mine');
    expect(delays({ when }, [mine, lost, mine])).toEqual([250, lost, 500]);
    expect(when.mock.calls).toEqual([
      [mine, false],
      [lost, true],
      [mine, false],
    ]);
  });

  it('throws what `when` throws', () => {
    const bug = new Error('bug');
    const when = (): boolean => {
      throw bug;
    };
    expect(delays({ when }, [lost])).toEqual([bug]);
  });

  it('takes a promise for no answer, and leaves no rejection unhandled', async () => {
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const when = (() => Promise.reject(new Error('later'))) as unknown as () => boolean;
    expect(delays({ when }, [lost])).toEqual([lost]);
    await new Promise(setImmediate);
    expect(warning).toHaveBeenCalledTimes(1);
    expect(delays({ when: (() => Promise.resolve(true)) as unknown as () => boolean }, [lost])).toEqual([
      lost,
    ]);
  });

  it('waits for what the server asks, and the jitter behind it', () => {
    const busy = refused(503, { 'retry-after': '10' });
    expect(delays({}, [busy, busy])).toEqual([10_250, 10_500]);
    expect(delays({}, [busy], 0)).toEqual([10_000]);
    expect(delays({}, [refused(429, { 'retry-after': '3' })])).toEqual([3_250]);
  });

  it('is never longer than a timer can be', () => {
    const [forever] = delays({}, [refused(503, { 'retry-after': '99999999999' })]) as number[];
    expect(forever).toBe(2 ** 31 - 1);
    const many = Array<unknown>(1_100).fill(lost);
    expect(delays({ maxMs: Infinity }, many).at(-1)).toBe(2 ** 31 - 1);
    expect(delays({ initialMs: 0 }, many).at(-1)).toBe(0);
  });

  it('waits longer for no error, whatever it is', () => {
    const cruel = {
      get code() {
        throw new Error('hands off');
      },
    };
    expect(delays({}, [undefined, cruel])).toEqual([undefined, cruel]);
  });

  it.each([
    { initialMs: NaN },
    { initialMs: -1 },
    { maxMs: NaN },
    { maxMs: -1 },
    { attempts: NaN },
    { stableMs: NaN },
  ])('takes no %o, with which it would not wait or not count', (config) => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => Backoff.check(config)).toThrow(refused);
    expect(() => reconnect(config)).toThrow(refused);
    expect(() => link('ws://a.test/', { reconnect: config })).toThrow(refused);
  });

  it.each([
    {},
    { initialMs: 0, maxMs: 0, attempts: 0, stableMs: 0 },
    { attempts: Infinity, maxMs: Infinity },
  ])('takes %o', (config) => {
    expect(() => Backoff.check(config)).not.toThrow();
  });
});
