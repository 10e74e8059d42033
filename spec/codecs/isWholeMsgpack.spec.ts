import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWholeMsgpack } from '../../src/codecs/isWholeMsgpack.ts';
import { msgpack } from '../../src/codecs/msgpack.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const isWhole = (given: Uint8Array): boolean => {
  try {
    return isWholeMsgpack(given);
  } catch {
    return false;
  }
};
const values = fc.anything({
  withDate: true,
  withTypedArray: false,
  values: [fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.uint8Array()],
});

describe('isWholeMsgpack', () => {
  // Each kind of the specification, with as many bytes as it asks for.
  it.each([
    ['fixint', '00'],
    ['negative fixint', 'e0'],
    ['fixmap', '81 01 02'],
    ['fixarray', '92 01 02'],
    ['fixstr', 'a2 6162'],
    ['nil', 'c0'],
    ['true', 'c3'],
    ['bin 8', 'c4 01 00'],
    ['bin 16', 'c5 0001 00'],
    ['bin 32', 'c6 00000001 00'],
    ['ext 8', 'c7 01 05 00'],
    ['ext 16', 'c8 0001 05 00'],
    ['ext 32', 'c9 00000001 05 00'],
    ['float 32', 'ca 00000000'],
    ['float 64', 'cb 0000000000000000'],
    ['uint 8', 'cc 00'],
    ['uint 16', 'cd 0000'],
    ['uint 32', 'ce 00000000'],
    ['uint 64', 'cf 0000000000000000'],
    ['int 8', 'd0 00'],
    ['int 16', 'd1 0000'],
    ['int 32', 'd2 00000000'],
    ['int 64', 'd3 0000000000000000'],
    ['fixext 1', 'd4 05 00'],
    ['fixext 2', 'd5 05 0000'],
    ['fixext 4', 'd6 05 00000000'],
    ['fixext 8', 'd7 05 0000000000000000'],
    ['fixext 16', 'd8 05 00000000000000000000000000000000'],
    ['str 8', 'd9 01 61'],
    ['str 16', 'da 0001 61'],
    ['str 32', 'db 00000001 61'],
    ['array 16', 'dc 0001 c0'],
    ['array 32', 'dd 00000001 c0'],
    ['map 16', 'de 0001 c0 c0'],
    ['map 32', 'df 00000001 c0 c0'],
  ])('knows the length of %s', (_, hex) => {
    const whole = bytes(hex);
    expect(isWhole(whole)).toBe(true);
    expect(isWhole(Buffer.concat([whole, whole]))).toBe(false);
    for (let length = 0; length < whole.byteLength; length++)
      expect(isWhole(whole.subarray(0, length))).toBe(false);
  });

  it('takes what is encoded', () => {
    const codec = msgpack();
    fc.assert(fc.property(values, (value) => isWhole(codec.encode(value) as Uint8Array)));
  });

  it('reads a view where it stands', () => {
    expect(isWhole(bytes('ff 92 01 02 ff').subarray(1, 4))).toBe(true);
  });

  it.each(['dd ffffffff', 'df 7fffffff', 'dc ffff', 'dd 01000000'])(
    'refuses what announces more than there is, nested or not: %s',
    (hex) => {
      const head = bytes(hex);
      expect(isWhole(head)).toBe(false);
      expect(isWhole(Buffer.concat(Array.from({ length: 1_000 }, () => head)))).toBe(false);
    },
  );
});
