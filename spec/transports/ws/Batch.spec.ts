import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fragment } from '../../../src/core/Fragment.ts';
import type { Outbound } from '../../../src/core/Outbound.ts';
import { batch, frameOf, MAX_COPY_BYTES } from '../../../src/transports/ws/Batch.ts';
import { parseFrames } from './wire.ts';

const fill = (messages: readonly Outbound[], masked = false) => {
  batch.clear();
  const taken = messages.map((message) => batch.add(message, masked));
  return { taken, frames: parseFrames(batch.bytes) };
};

describe('batch', () => {
  it('puts frames one behind the other', () => {
    const { frames } = fill(['a', 'héllo 👩‍👩‍👧', Uint8Array.of(1, 2), '']);
    expect(frames.map(({ opcode }) => opcode)).toEqual([1, 1, 2, 1]);
    expect(frames.map(({ payload }) => payload.toString())).toEqual(['a', 'héllo 👩‍👩‍👧', '\x01\x02', '']);
  });

  it('round-trips any messages, masked or not', () => {
    const message = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), fc.boolean(), (messages, masked) => {
        const { taken, frames } = fill(messages, masked);
        expect(taken).not.toContain(false);
        expect(frames.every((frame) => frame.masked === masked && frame.fin && frame.rsv === 0)).toBe(true);
        expect(frames.map(({ payload }) => payload.toString('hex'))).toEqual(
          messages.map((data) => Buffer.from(data as string).toString('hex')),
        );
      }),
    );
  });

  it('moves the payload where its length needs a longer header than its characters do', () => {
    for (const text of ['é'.repeat(100), '漢'.repeat(60), '漢'.repeat(5000), 'é'.repeat(MAX_COPY_BYTES)]) {
      for (const masked of [false, true]) {
        expect(fill([text, 'x'], masked).frames.map(({ payload }) => payload.toString())).toEqual([
          text,
          'x',
        ]);
      }
    }
  });

  it('leaves out what is too large to copy, and what it has no room for', () => {
    const large = 'x'.repeat(MAX_COPY_BYTES);
    expect(fill(Array.from({ length: 6 }, () => large)).taken).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(fill([large + 'x', new Uint8Array(MAX_COPY_BYTES + 1)]).taken).toEqual([false, false]);
    expect(fill(['漢'.repeat(MAX_COPY_BYTES), '漢'.repeat(MAX_COPY_BYTES)]).taken).toEqual([true, false]);
  });

  it('marks fragments: the first has the kind, the others continue it, the last is final', () => {
    const { frames } = fill([
      new Fragment('a', true, false),
      new Fragment('b', false, false),
      new Fragment('', false, true),
    ]);
    expect(frames.map(({ opcode, fin }) => [opcode, fin])).toEqual([
      [1, false],
      [0, false],
      [0, true],
    ]);
  });

  it('gives its memory away where somebody keeps the bytes', () => {
    fill(['kept']);
    const kept = batch.bytes;
    batch.giveAway();
    fill(['other']);
    expect(kept.toString('latin1')).toContain('kept');
  });
});

describe('frameOf', () => {
  it.each([0, 1, 125, 126, 65_535, 65_536, 300_000])('frames %i bytes, masked and not', (length) => {
    for (const masked of [false, true]) {
      const bytes = Buffer.alloc(length, 7);
      const [frame, ...rest] = parseFrames(Buffer.concat(frameOf(bytes, masked)));
      expect(rest).toEqual([]);
      expect(frame).toMatchObject({ opcode: 2, fin: true, masked });
      expect(Buffer.compare(frame!.payload, bytes)).toBe(0);
      expect(bytes.every((byte) => byte === 7)).toBe(true);
    }
  });

  it('copies no payload that is not masked', () => {
    const bytes = new Uint8Array(100_000);
    expect(frameOf(bytes, false)[1]).toBe(bytes);
  });
});
