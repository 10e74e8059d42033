import { describe, expect, it } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';

const codec = json();
/** With the keys of the objects themselves, whose prototypes `toEqual` does not see. */
const keysOf = (text: string): string[] => {
  const keys: string[] = [];
  JSON.stringify(codec.decode(text), (key, value: unknown) => {
    keys.push(key);
    return value;
  });
  return keys.filter((key) => key !== '');
};

describe('json', () => {
  it.each([[{ a: [1, null, 'é'] }], ['text'], [0], [null], [false], [[]]])(
    'takes %j there and back',
    (value) => {
      expect(codec.decode(codec.encode(value) as string)).toEqual(value);
    },
  );

  it('refuses bytes with 1003', () => {
    expect(() => codec.decode(new TextEncoder().encode('{}'))).toThrow(
      expect.objectContaining({ code: 'DECODE', closeCode: 1003 }),
    );
  });

  it.each(['', '{', 'undefined', '{"__proto__":'])('refuses what is no JSON with 1007: %p', (text) => {
    const cause = expect.objectContaining({ name: 'SyntaxError' });
    expect(() => codec.decode(text)).toThrow(expect.objectContaining({ closeCode: 1007, cause }));
  });

  it.each([
    '{"__proto__":{"admin":true},"a":1}',
    '{"a":1,"\\u005f_proto__":{"admin":true}}',
    '{"a":1,"__\\u0070roto__":{"admin":true}}',
    '{"__prot\\u006f__":1,"a":{"__proto__":null}}',
    '{"__proto_\\u005F":1,"a":{"__proto__":null}}',
  ])('leaves out the key __proto__: %s', (text) => {
    expect(keysOf(text)).toEqual(['a']);
    expect((codec.decode(text) as { admin?: unknown }).admin).toBe(undefined);
    expect(Object.assign({}, codec.decode(text))).not.toHaveProperty('admin');
  });

  it('keeps values that only say so', () => {
    const value = { key: '__proto__', list: ['__proto__', '\u005f'], proto: 1 };
    expect(codec.decode(JSON.stringify(value))).toEqual(value);
  });

  it.each([[undefined], [() => 1], [Symbol('s')]])('has no text for %p', (value) => {
    expect(() => codec.encode(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('passes on what JSON.stringify throws', () => {
    expect(() => codec.encode(1n)).toThrow(expect.objectContaining({ name: 'TypeError' }));
  });
});
