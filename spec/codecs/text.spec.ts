import { describe, expect, it } from '@jest/globals';
import { text } from '../../src/codecs/text.ts';

describe('text', () => {
  it.each(['', 'é'])('takes %p there and back', (value) => {
    const codec = text();
    expect(codec.decode(codec.encode(value) as string)).toBe(value);
  });

  it('refuses bytes with 1003', () => {
    expect(() => text().decode(Uint8Array.of(97))).toThrow(
      expect.objectContaining({ code: 'DECODE', closeCode: 1003 }),
    );
  });
});
