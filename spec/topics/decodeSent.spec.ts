import { describe, expect, it } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';
import { text } from '../../src/codecs/text.ts';
import type { Codec } from '../../src/core/Codec.ts';
import { decodeSent } from '../../src/topics/decodeSent.ts';

describe('decodeSent', () => {
  it('decodes by the codec', () => {
    expect(decodeSent(json<never, { a: number }>(), '{"a":1}')).toEqual({ a: 1 });
    expect(decodeSent(text(), 'a')).toBe('a');
  });

  it('prefers what reads the other direction', () => {
    const codec: Codec<number, string> = {
      decode: () => 1,
      encode: (message) => message,
      decodeSent: (data) => `sent ${String(data)}`,
    };
    expect(decodeSent(codec, 'a')).toBe('sent a');
  });

  it('refuses a codec that answers later, whose rejection is nobody’s', () => {
    const codec: Codec<never, string> = {
      decode: () => Promise.reject(new Error('late')),
      encode: (message) => message,
    };
    expect(() => decodeSent(codec, 'a')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
