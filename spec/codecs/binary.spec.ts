import { describe, expect, it } from '@jest/globals';
import { binary } from '../../src/codecs/binary.ts';

describe('binary', () => {
  it('takes bytes there and back, uncopied', () => {
    const codec = binary();
    const value = Uint8Array.of(0, 255);
    expect(codec.decode(codec.encode(value) as Uint8Array)).toBe(value);
  });

  it('refuses text with 1003', () => {
    expect(() => binary().decode('a')).toThrow(expect.objectContaining({ code: 'DECODE', closeCode: 1003 }));
  });
});
