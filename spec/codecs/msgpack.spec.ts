import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { msgpack } from '../../src/codecs/msgpack.ts';

const codec = msgpack();
const there = (value: unknown): unknown => codec.decode(codec.encode(value) as Uint8Array);
const refusal = (closeCode: number): unknown => expect.objectContaining({ code: 'DECODE', closeCode });
const circle = (): object => {
  const value: { self?: object } = {};
  value.self = value;
  return value;
};

describe('msgpack', () => {
  it.each([
    [{ a: [1, null, 'é'.repeat(500)] }],
    ['text'],
    [-0.5],
    [2 ** 40],
    [null],
    [false],
    [[]],
    [new Date(5)],
    [Uint8Array.of(0, 255)],
  ])('takes %p there and back', (value) => {
    expect(there(value)).toEqual(value);
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(Object.keys(there({ a: undefined, b: 1 }) as object)).toEqual(['b']);
  });

  it('gives each message bytes of its own', () => {
    const first = codec.encode('a');
    codec.encode('b');
    expect(first).toEqual(Uint8Array.of(0xa1, 0x61));
  });

  it('refuses text with 1003', () => {
    expect(() => codec.decode('a')).toThrow(refusal(1003));
  });

  it.each([
    ['nothing', []],
    ['half of it', [0x92, 1]],
    ['more than one', [1, 1]],
    ['a byte that says nothing', [0xc1]],
    ['a length that is cut', [0xdd, 0xff]],
    ['an array of four milliards', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a key __proto__', [0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 1]],
    ['a key that is a map', [0x81, 0x80, 1]],
  ])('refuses %s with 1007', (_, bytes) => {
    expect(() => codec.decode(Uint8Array.from(bytes))).toThrow(refusal(1007));
  });

  it('makes no room for what a message only announces', () => {
    const nested = new Uint8Array(1_000_000);
    for (let at = 0; at < nested.length; at += 5) nested.set([0xdd, 1, 0, 0, 0], at);
    const before = process.memoryUsage().heapUsed;
    expect(() => codec.decode(nested)).toThrow(refusal(1007));
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  });

  it.each([
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a circle', circle()],
  ])('does not encode %s', (_, no) => {
    expect(() => codec.encode(no)).toThrow();
    // The next one is not spoilt.
    expect(there('a')).toBe('a');
  });

  it('takes schemas', () => {
    const schema = z.object({ when: z.date() });
    const dated = msgpack({ in: schema, out: schema, validateOut: true });
    const message = { when: new Date(5) };
    expect(dated.decode(dated.encode(message) as Uint8Array)).toEqual(message);
    expect(() => dated.decode(codec.encode({ when: 5 }) as Uint8Array)).toThrow(
      expect.objectContaining({ code: 'DECODE', message: expect.stringContaining('at when: ') }),
    );
    expect(() => dated.encode({ when: new Date(NaN) })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
