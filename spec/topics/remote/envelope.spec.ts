import { Buffer } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { unwrap, wrap } from '../../../src/topics/remote/envelope.ts';

const sent = (data: string | Uint8Array): Uint8Array => Buffer.from(wrap(data) as string);

describe('the envelope', () => {
  it.each(['', 'a', '\n', '{"a":1}', '👩‍👩‍👧', 'x'.repeat(100_000)])('carries text: %#', (data) =>
    expect(unwrap(sent(data))).toEqual({ data, id: undefined }),
  );

  it('carries bytes, as bytes of their own', () => {
    const { data } = unwrap(sent(new Uint8Array([0, 10, 255])))!;
    expect([...(data as Uint8Array)]).toEqual([0, 10, 255]);
    expect((data as Uint8Array).buffer.byteLength).toBe(3);
  });

  it('carries an id that was put in on the way', () => {
    expect(unwrap(Buffer.from('rxws1t17-3\nabc'))).toEqual({ data: 'abc', id: '17-3' });
    expect(unwrap(Buffer.from('rxws1b17\nabc'))).toMatchObject({ id: '17' });
  });

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
    `rxws1t${'1'.repeat(99)}\n`,
  ])('is not ours: %j', (payload) => expect(unwrap(Buffer.from(payload))).toBeUndefined());
});
