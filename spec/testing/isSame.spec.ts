import { describe, expect, it } from '@jest/globals';
import { includes, isSame } from '../../src/testing/isSame.ts';

class Named extends Error {
  override readonly name = 'Named';
}

describe('isSame', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['the same value', 'a', 'a', true],
    ['NaN', NaN, NaN, true],
    ['another value', 'a', 'b', false],
    ['equal objects', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, true],
    ['one member more', { a: 1 }, { a: 1, b: 2 }, false],
    ['bytes through another view', Buffer.from('ab'), Uint8Array.of(97, 98), true],
    ['a view of a part', new Uint8Array([0, 1, 2]).subarray(1), Uint8Array.of(1, 2), true],
    ['other bytes', Uint8Array.of(1), Uint8Array.of(2), false],
    ['bytes and a list', Uint8Array.of(1), [1], false],
    ['equal errors', new Named('a'), new Named('a'), true],
    ['errors of other messages', new Named('a'), new Named('b'), false],
  ])('%s', (_what, a, b, expected) => {
    expect(isSame(a, b)).toBe(expected);
    expect(isSame(b, a)).toBe(expected);
  });
});

describe('isSame, of matchers', () => {
  const one: unknown = expect.objectContaining({ a: 1 });
  const cyclic: { self?: unknown; one?: unknown } = { one };
  cyclic.self = cyclic;

  it.each<[string, unknown, unknown, boolean]>([
    ['one that is met', one, { a: 1, b: 2 }, true],
    ['one that is not', one, { a: 2 }, false],
    ['in an object', { x: one, y: 1 }, { x: { a: 1, b: 2 }, y: 1 }, true],
    ['in an object, beside what differs', { x: one, y: 1 }, { x: { a: 1 }, y: 2 }, false],
    ['in a list', [0, expect.any(String)], [0, 'text'], true],
    ['in a list that is longer', [expect.any(String)], ['text', 'more'], false],
    ['against nothing', { x: { y: one } }, undefined, false],
    ['against undefined', { x: expect.anything() }, {}, false],
    ['in what has itself', cyclic, {}, false],
    ['for an error', expect.objectContaining({ message: 'no' }), new Named('no'), true],
  ])('%s', (_what, expected, actual, result) => {
    expect(isSame(expected, actual)).toBe(result);
  });
});

describe('includes', () => {
  it('looks at the members that are asked for', () => {
    const close = { code: 1000, reason: '', nested: { a: 1 } };
    expect(includes(close, {})).toBe(true);
    expect(includes(close, { code: 1000, nested: { a: 1 } })).toBe(true);
    expect(includes(close, { code: 1001 })).toBe(false);
    expect(includes(close, { other: 1 })).toBe(false);
  });

  it('asks matchers', () => {
    const close = { code: 1000, reason: 'because' };
    expect(includes(close, { reason: expect.stringContaining('cause') })).toBe(true);
    expect(includes(close, { reason: expect.any(Number) })).toBe(false);
    expect(includes(close, expect.objectContaining({ code: 1000 }) as object)).toBe(true);
    expect(includes(close, expect.objectContaining({ code: 1001 }) as object)).toBe(false);
  });
});
