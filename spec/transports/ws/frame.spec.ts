import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { headerBytes, mask, writeHeader } from '../../../src/transports/ws/frame.ts';

const header = (length: number, masked: boolean, last = true): Buffer => {
  const buffer = Buffer.alloc(headerBytes(length, masked));
  expect(writeHeader(buffer, 0, 1, last, length, masked ? mask : undefined)).toBe(buffer.length);
  return buffer;
};

describe('frame', () => {
  it.each([
    [0, '8100'],
    [125, '817d'],
    [126, '817e007e'],
    [65_535, '817effff'],
    [65_536, '817f0000000000010000'],
    [2 ** 33 + 5, '817f0000000200000005'],
  ])('writes the header of %i bytes (RFC 6455, 5.2)', (length, hex) => {
    expect(header(length, false).toString('hex')).toBe(hex);
  });

  it('marks what is not the last fragment', () => {
    expect(header(1, false, false)[0]).toBe(0x01);
  });

  it('writes the mask behind the length', () => {
    const masked = header(200, true);
    expect(masked[1]).toBe(0x80 | 126);
    expect([...masked.subarray(4)]).toEqual([...mask.bytes]);
  });

  it('takes a new key for each frame', () => {
    const keys = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      mask.next();
      keys.add(Buffer.from(mask.bytes).toString('hex'));
    }
    expect(keys.size).toBeGreaterThan(2990);
  });

  it('masks any length at any offset of any buffer as the RFC says (5.3)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(9), fc.nat(9), (payload, offset, shift) => {
        const buffer = Buffer.from(new ArrayBuffer(400)).subarray(shift);
        buffer.set(payload, offset);
        mask.next();
        mask.apply(buffer, offset, payload.length);
        const expected = payload.map((byte, i) => byte ^ mask.bytes[i % 4]!);
        expect(Buffer.compare(buffer.subarray(offset, offset + payload.length), expected)).toBe(0);
        expect(buffer[offset + payload.length]).toBe(0);
      }),
    );
  });
});
