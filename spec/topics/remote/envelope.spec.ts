import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { unwrap, wrapAll } from '../../../src/topics/remote/envelope.ts';

const sent = (...messages: (string | Uint8Array)[]): Uint8Array =>
  Buffer.from(wrapAll(messages.map((data) => ({ data, size: Buffer.byteLength(data) }))) as string);

describe('the envelope', () => {
  const texts = ['', 'a', '\n', '{"a":1}', '👩‍👩‍👧', 'x'.repeat(100_000)];

  it.each(texts)('carries text: %#', (data) => expect(unwrap(sent(data))).toEqual([{ data, id: undefined }]));

  it('carries bytes, as bytes of their own', () => {
    const data = unwrap(sent(new Uint8Array([0, 10, 255])))![0]!.data as Uint8Array;
    expect([...data]).toEqual([0, 10, 255]);
    expect(data.buffer.byteLength).toBe(3);
  });

  it('carries many, of both kinds', () => {
    const alone = unwrap(sent(...texts))!;
    expect(alone.map(({ data }) => data)).toEqual(texts);
    const bytes = new Uint8Array([0, 10, 255]);
    const mixed = unwrap(sent('ü', bytes, bytes, 'a'))!.map(({ data }) => data);
    expect(mixed).toEqual(['ü', bytes, bytes, 'a']);
    expect((mixed[1] as Uint8Array).buffer.byteLength).toBe(3);
    expect(unwrap(sent(bytes, bytes))).toHaveLength(2);
  });

  it('carries ids that were put in on the way', () =>
    expect(unwrap(Buffer.from('rxws1m\nt3 17-3\nabct0\nb1 17-4\na'))).toEqual([
      { data: 'abc', id: '17-3' },
      { data: '', id: undefined },
      { data: new Uint8Array([97]), id: '17-4' },
    ]));

  it.each([
    '',
    'r',
    'hello',
    '{"a":1}',
    'rxws1',
    'rxws1t',
    'rxws1tabc',
    'rxws1x\nabc',
    'rxws2t\nabc',
    'rxws1t17-3\nabc',
    'rxws1m',
    'rxws1m7\nt1\na',
    'rxws1m\nt',
    'rxws1m\nt1',
    'rxws1m\nt1\n',
    'rxws1m\nt1a',
    'rxws1m\nx1\na',
    'rxws1m\nt1\nab',
    'rxws1m\nt1 7a',
    'rxws1m\nt1 7\n',
    `rxws1m\nt1 ${'7'.repeat(99)}\na`,
    `rxws1m\nt${'9'.repeat(400)}\na`,
  ])('is not ours: %j', (payload) => expect(unwrap(Buffer.from(payload))).toBeUndefined());
});
