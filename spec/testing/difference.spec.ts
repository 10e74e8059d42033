import { describe, expect, it } from '@jest/globals';
import { difference, shown } from '../../src/testing/difference.ts';
import type { Happening } from '../../src/testing/Happening.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

const next = (frame: number, value: unknown, letter?: string): Happening => ({
  frame,
  kind: 'N',
  value,
  ...(letter === undefined ? {} : { letter }),
});
const complete = (frame: number): Happening => ({ frame, kind: 'C' });
const error = (frame: number, value: unknown): Happening => ({ frame, kind: 'E', value });
const lines = (...text: string[]): string => text.join('\n');

describe('difference', () => {
  it('is none where all is the same', () => {
    expect(difference([], [])).toBeUndefined();
    expect(
      difference([next(1, { a: 1 }, 'a'), complete(2)], [next(1, { a: 1 }), complete(2)]),
    ).toBeUndefined();
    expect(difference([error(1, new Error('x'))], [error(1, new Error('x'))])).toBeUndefined();
  });

  it('takes a digit without a value for its number too', () => {
    expect(difference([next(1, '0', '0')], [next(1, 0)])).toBeUndefined();
    expect(difference([next(1, '1', '0')], [next(1, 1)])).toBeDefined();
  });

  it('shows the moments', () => {
    expect(difference([next(2, 'a', 'a'), complete(4)], [next(3, 'a'), complete(4)])).toBe(
      lines('  expected  --a-|', '  actual    ---a|'),
    );
  });

  it('shows what is missing, and what is too much', () => {
    expect(difference([next(1, 'a', 'a')], [])).toBe(lines('  expected  -a', '  actual    --'));
    expect(difference([], [next(1, 'a')])).toBe(lines('  expected  --', '  actual    -a'));
  });

  it('says what letters stand for, and gives one to what has none', () => {
    const expected = [next(0, { n: 1 }, 'a'), next(1, { n: 2 }, 'b')];
    const actual = [next(0, { n: 2 }), next(1, { n: 3 }), next(2, 'c')];
    expect(difference(expected, actual)).toBe(
      lines('  expected  ab-', '  actual    bAc', '', '  a  { n: 1 }', '  b  { n: 2 }', '  A  { n: 3 }'),
    );
  });

  it('gives one letter to one value', () => {
    expect(difference([], [next(0, 10), next(1, 10), next(2, 11)])).toBe(
      lines('  expected  ---', '  actual    AAB', '', '  A  10', '  B  11'),
    );
  });

  it('tells errors apart', () => {
    expect(difference([error(1, 'error')], [error(1, new TypeError('no'))])).toBe(
      lines('  expected  -#', '  actual    -#', '', "  # expected  'error'", '  # actual  TypeError: no'),
    );
  });

  it('keeps what has many lines apart', () => {
    const long = { a: 'x'.repeat(60), b: 'y'.repeat(60) };
    expect(difference([next(0, long, 'a')], [])).toBe(
      lines(
        '  expected  a',
        '  actual    -',
        '',
        '  a  {',
        `       a: '${long.a}',`,
        `       b: '${long.b}'`,
        '     }',
      ),
    );
  });

  it('shows no more than what can be read', () => {
    const actual = Array.from({ length: 1_000 }, (_, frame) => next(frame, 'a'));
    const shownText = difference([next(0, 'a', 'a'), next(1, 'b', 'b')], actual)!;
    expect(shownText.split('\n')).toEqual([
      `  expected  ab${'-'.repeat(19)}`,
      `  actual    ${'a'.repeat(21)}`,
      '',
      '  and 979 more',
    ]);
  });

  it('asks what is meant', () => {
    const isOdd = (_expected: Happening, { value }: Happening): boolean => (value as number) % 2 === 1;
    expect(difference([next(0, 0, 'x')], [next(0, 3)], isOdd)).toBeUndefined();
    expect(difference([next(0, 0, 'x')], [next(0, 4)], isOdd)).toBe(
      lines('  expected  x', '  actual    A', '', '  x  0', '  A  4'),
    );
  });
});

describe('shown', () => {
  it('is short', () => {
    expect(shown('a')).toBe("'a'");
    expect(shown(new RangeError('far'))).toBe('RangeError: far');
    expect(shown({ a: { b: { c: 1 } } })).toBe('{ a: { b: { c: 1 } } }');
    expect(shown('x'.repeat(1_000)).length).toBeLessThan(300);
    expect(shown({ code: 1011, error: new RangeError('far') })).toBe(
      '{ code: 1011, error: RangeError: far }',
    );
  });

  it('shows what a matcher was made with', () => {
    expect(shown(expect.objectContaining({ code: 1000 }))).toBe('ObjectContaining { code: 1000 }');
    expect(shown(expect.stringMatching(/a/))).toBe('StringMatching /a/');
    expect(shown(expect.any(String))).toBe('Any [Function: String]');
    expect(shown(expect.anything())).toBe('Anything');
    const nested = expect.objectContaining({ a: expect.any(String), b: { c: expect.anything() } });
    expect(shown(nested)).toBe('ObjectContaining { a: Any [Function: String], b: { c: Anything } }');
  });

  it('shows nothing of what a connection is made of', () => {
    expect(runMarbles(({ connection }) => shown(connection('')))).toBe('a connection');
  });
});
