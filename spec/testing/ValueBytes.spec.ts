import { describe, expect, it } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';
import { overMemory, ValueBytes, valueCodec } from '../../src/testing/ValueBytes.ts';

describe('overMemory', () => {
  it('leaves text and bytes as they are', () => {
    const bytes = Uint8Array.of(1);
    expect(overMemory('a')).toBe('a');
    expect(overMemory(bytes)).toBe(bytes);
  });

  it('carries any other value, which counts as its JSON', () => {
    const value = { a: 'é' };
    const carried = overMemory(value) as ValueBytes;
    expect(carried.value).toBe(value);
    expect(carried.byteLength).toBe(Buffer.byteLength(JSON.stringify(value)));
    expect((overMemory(undefined) as ValueBytes).byteLength).toBe(0);
  });
});

describe('valueCodec', () => {
  it('is none where there is none', () => {
    const codec = valueCodec(undefined);
    const value = { a: 1 };
    expect(codec.decode(codec.encode(value) as string)).toBe(value);
    expect(codec.decode('a')).toBe('a');
  });

  it('lets a codec do its work on what is on the wire', () => {
    const codec = valueCodec(json<unknown>());
    const value = { a: 1 };
    expect(codec.encode(value)).toBe('{"a":1}');
    expect(codec.decode('{"a":1}')).toEqual(value);
    expect(codec.decode(overMemory(value))).toBe(value);
  });
});
