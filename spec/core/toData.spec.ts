import { Buffer } from 'node:buffer';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { toData } from '../../src/core/toData.ts';

const memory = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7);

describe('toData', () => {
  it.each([
    ['text', 'text'],
    ['a Uint8Array', memory],
    ['a Buffer', Buffer.from(memory)],
  ])('hands on %s as it is', (_name, value) => {
    expect(toData(value)).toBe(value);
  });

  it.each<[string, ArrayBuffer | ArrayBufferView, number[]]>([
    ['an ArrayBuffer', memory.buffer, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['a DataView', new DataView(memory.buffer, 2, 3), [2, 3, 4]],
    ['a Uint16Array with an offset', new Uint16Array(memory.buffer, 4, 1), [4, 5]],
    ['a Float64Array', new Float64Array(memory.buffer), [0, 1, 2, 3, 4, 5, 6, 7]],
  ])('views %s, without a copy', (_name, value, bytes) => {
    const data = toData(value) as Uint8Array;
    expect([...data]).toEqual(bytes);
    expect(data.buffer).toBe(memory.buffer);
  });

  it.each(['new ArrayBuffer(2)', 'new Uint8Array(2)', 'new DataView(new ArrayBuffer(2))'])(
    'takes %s of another realm',
    (code) => {
      const data = toData(runInNewContext(code)) as Uint8Array;
      expect([ArrayBuffer.isView(data), data.byteLength]).toEqual([true, 2]);
    },
  );

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [5, 'a number'],
    [() => 'text', 'a function'],
    [Symbol('text'), 'a symbol'],
    [{}, 'an object (Object)'],
    [['text'], 'an object (Array)'],
    [new Date(0), 'an object (Date)'],
    [new Blob(['text']), 'an object (Blob)'],
    [Object.create(null), 'an object (Object)'],
    [Promise.reject(new Error('nobody hears of it')), 'an object (Promise)'],
  ])('refuses %p and says what it is', (value, what) => {
    const message = `a message is a string or bytes, not ${what}; use a codec to send values`;
    expect(() => toData(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }));
  });
});
