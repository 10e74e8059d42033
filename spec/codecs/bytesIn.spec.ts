import { describe, expect, it } from '@jest/globals';
import { bytesIn } from '../../src/codecs/bytesIn.ts';

describe('bytesIn', () => {
  it('gives bytes uncopied, and refuses text with 1003', () => {
    const bytes = Uint8Array.of(1);
    expect(bytesIn(bytes)).toBe(bytes);
    const refusal = { code: 'DECODE', closeCode: 1003, reason: 'messages are binary' };
    expect(() => bytesIn('a')).toThrow(expect.objectContaining(refusal));
  });
});
