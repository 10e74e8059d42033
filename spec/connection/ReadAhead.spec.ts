import { describe, expect, it } from '@jest/globals';
import { ReadAhead } from '../../src/connection/ReadAhead.ts';

describe('ReadAhead', () => {
  it('keeps the order, and counts each message for its bytes and a little more', () => {
    const waiting = new ReadAhead();
    expect([waiting.isEmpty, waiting.bytes]).toEqual([true, 0]);
    waiting.push('é', 2);
    waiting.push(Uint8Array.of(1, 2, 3), 3);
    waiting.push('', 0);
    expect(waiting.bytes).toBeGreaterThan(5);
    expect([waiting.shift(), waiting.shift(), waiting.shift()]).toEqual(['é', Uint8Array.of(1, 2, 3), '']);
    expect([waiting.isEmpty, waiting.bytes]).toEqual([true, 0]);
  });

  it('keeps bytes of its own', () => {
    const chunk = Uint8Array.of(1, 2, 3, 4);
    const waiting = new ReadAhead();
    waiting.push(chunk.subarray(1, 3), 2);
    chunk.fill(0);
    expect(waiting.shift()).toEqual(Uint8Array.of(2, 3));
  });

  it('forgets', () => {
    const waiting = new ReadAhead();
    waiting.push('a', 1);
    waiting.clear();
    expect([waiting.isEmpty, waiting.bytes]).toEqual([true, 0]);
  });
});
