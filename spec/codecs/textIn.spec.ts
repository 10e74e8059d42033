import { describe, expect, it } from '@jest/globals';
import { textIn } from '../../src/codecs/textIn.ts';

describe('textIn', () => {
  it('gives text, and refuses bytes with 1003', () => {
    expect(textIn('')).toBe('');
    const refusal = { code: 'DECODE', closeCode: 1003, reason: 'messages are text' };
    expect(() => textIn(Uint8Array.of(97))).toThrow(expect.objectContaining(refusal));
  });
});
