import { describe, expect, it, jest } from '@jest/globals';
import { json } from '../../src/codecs/json.ts';
import { prepare } from '../../src/codecs/prepare.ts';

describe('prepare', () => {
  it('keeps the value, and encodes it once', () => {
    const codec = json<never, { n: number }>();
    const encode = jest.spyOn(codec, 'encode');
    const value = { n: 1 };
    const prepared = prepare(value, codec);
    expect(prepared.value).toBe(value);
    expect(prepared.data).toBe('{"n":1}');
    expect(encode).toHaveBeenCalledTimes(1);
  });

  it('takes text and bytes as they are', () => {
    expect(prepare('hi').data).toBe('hi');
    expect(prepare(Uint16Array.of(1, 2)).data).toEqual(new Uint8Array(Uint16Array.of(1, 2).buffer));
  });

  it('throws for what is no message, and what the codec throws', () => {
    expect(() => prepare({})).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(() => prepare(1n, json<never, bigint>())).toThrow(TypeError);
  });
});
