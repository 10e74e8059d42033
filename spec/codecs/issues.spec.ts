import { describe, expect, it } from '@jest/globals';
import { issuesOf, issuesText } from '../../src/codecs/issues.ts';

const textOf = (...paths: PropertyKey[][]): string =>
  issuesText(paths.map((path) => ({ message: 'no', path })));

describe('issuesOf', () => {
  it('keeps messages and keys, and none of the values', () => {
    const found = [
      { message: 'a', path: [{ key: 'items', value: 'secret' }, 2, 'price'], input: 'secret' },
      { message: 'b' },
    ];
    expect(issuesOf(found)).toEqual([
      { message: 'a', path: ['items', 2, 'price'] },
      { message: 'b', path: [] },
    ]);
  });

  it('keeps a hundred', () => {
    expect(issuesOf(Array.from({ length: 5_000 }, () => ({ message: 'a' })))).toHaveLength(100);
  });
});

describe('issuesText', () => {
  it.each<[string, PropertyKey[]]>([
    ['as a whole: no', []],
    ['at items[2].price: no', ['items', 2, 'price']],
    ['at [0].a: no', [0, 'a']],
    ['at straße: no', ['straße']],
    ['at ["a b"][""][Symbol(s)]: no', ['a b', '', Symbol('s')]],
    ['at ["0"]: no', ['0']],
  ])('says where: %s', (text, path) => {
    expect(textOf(path)).toBe(text);
  });

  it('says what there is to say where a schema says nothing', () => {
    expect(textOf()).toBe('as a whole');
  });

  it('shows three, and says that there are more', () => {
    expect(textOf(['a'], ['b'], ['c'])).toBe('at a: no; at b: no; at c: no');
    expect(textOf(['a'], ['b'], ['c'], ['d'])).toBe('at a: no; at b: no; at c: no; and 1 more');
    expect(textOf(...Array.from({ length: 100 }, () => ['a']))).toMatch(/; and more$/);
  });

  it('is one line and short, whatever the peer wrote', () => {
    const text = issuesText([{ message: `x\r\n\u001b[31m${'y'.repeat(1_000_000)}`, path: ['a\nb'] }]);
    expect(text).toMatch(/^at \["a\\nb"\]: x \[31my+…$/);
    expect(text.length).toBe(201);
  });
});
