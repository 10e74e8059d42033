import { describe, expect, it } from '@jest/globals';
import { ownBytes } from '../../src/core/ownBytes.ts';

describe('ownBytes', () => {
  it('copies what is part of something larger, a Buffer too', () => {
    const chunk = Buffer.from('chunk of a socket');
    const view = chunk.subarray(0, 5);
    const own = ownBytes(view);
    chunk.fill(0);
    expect(Buffer.isBuffer(own)).toBe(true);
    expect([own.toString(), own.buffer.byteLength]).toEqual(['chunk', 5]);
  });

  it('keeps what is whole', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(ownBytes(bytes)).toBe(bytes);
  });
});
