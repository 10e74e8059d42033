import { describe, expect, it } from '@jest/globals';
import { concat, map, NEVER, of } from 'rxjs';
import { runMarbles } from '../../src/testing/runMarbles.ts';
import { failure } from './failure.ts';

describe('the helpers of RxJS', () => {
  it('are all there, and do what they do', () => {
    runMarbles(({ cold, hot, time, flush, animate, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b|', { a: 1, b: 2 });
      expectObservable(source.pipe(map((n) => n * 2))).toBe('-a-b|', { a: 2, b: 4 });
      expectSubscriptions(source.subscriptions).toBe(['^---!']);
      expectObservable(hot('a-^-b'), '-^').toBe('--b');
      expectObservable(cold('-#', {}, new Error('x'))).toBe('-#', {}, new Error('x'));
      expectObservable(hot('-a#', {}, 'x')).toBe('-a#', {}, 'x');
      expectObservable(cold('-a-a')).toEqual(hot('-a-a'));
      expectObservable(cold('-x|', { x: cold('-y|') })).toBe('-x|', { x: cold('-y|') });
      expect(time('--|')).toBe(2);
      animate('--x');
      flush();
    });
  });

  it('fail with two diagrams, at the place of the expectation', () => {
    const { message, stack } = failure(({ expectObservable, expectSubscriptions, cold }) => {
      const source = cold('-a-b|');
      expectObservable(source).toBe('-a--b|');
      expectSubscriptions(source.subscriptions).toBe(['^---!', '^-!']);
      expectObservable(of(1)).toEqual(concat(of(2), NEVER));
    });
    const places = [...message.matchAll(/ at .*rxjsHelpers\.spec\.ts:(\d+):\d+$/gm)];
    const lines = places.map(([, line]) => Number(line));
    expect(lines).toEqual([lines[0], lines[0]! + 1, lines[0]! + 2]);
    expect(places.reduce((text, [place]) => text.replace(place, ''), message)).toBe(
      [
        'expectObservable(…)\n\n  expected  -a--b|\n  actual    -a-b|-',
        'expectSubscriptions(…)\n\n  expected  ^---!\n  actual    ^---!\n\n  expected  ^-!\n  actual    ---',
        'expectObservable(…)\n\n  expected  A---\n  actual    (B|)\n\n  A  2\n  B  1',
      ].join('\n\n'),
    );
    expect(stack).toMatch(/at .*rxjsHelpers\.spec\.ts/);
  });

  it.each<[string, Parameters<typeof failure>[0], string]>([
    ['cold', ({ cold }) => cold('-(a'), 'cold: column 2 ("(")'],
    ['hot', ({ hot }) => hot('-a|b'), 'hot: column 4 ("b")'],
    [
      'expected',
      ({ expectObservable }) => expectObservable(NEVER).toBe('-a 5ms'),
      'expectObservable(…).toBe: column 4',
    ],
    [
      'subscription',
      ({ expectObservable }) => expectObservable(NEVER, '^-a'),
      'expectObservable, subscription: column 3',
    ],
    [
      'cold, without a value',
      ({ cold }) => cold('-a-b|', { a: 1 }),
      'cold: column 4 ("b"): there is no value for it',
    ],
    [
      'hot, without a value',
      ({ hot }) => hot('-^a', { b: 1 }),
      'hot: column 3 ("a"): there is no value for it',
    ],
    [
      'expected, without a value',
      ({ expectObservable }) => expectObservable(NEVER).toBe('-a', { b: 1 }),
      'expectObservable(…).toBe: column 2 ("a"): there is no value for it',
    ],
    ['subscriptions', ({ expectSubscriptions }) => expectSubscriptions([]).toBe('^-x'), 'column 3 ("x")'],
  ])('say where a diagram is wrong: %s', (_what, body, expected) => {
    expect(failure(body).message).toContain(expected);
  });

  it('pass on what the test throws', () => {
    const mine = new Error('mine');
    expect(
      failure(() => {
        throw mine;
      }),
    ).toBe(mine);
    expect(
      failure(({ cold }) =>
        cold('-a').subscribe(() => {
          throw mine;
        }),
      ),
    ).toBe(mine);
  });
});
