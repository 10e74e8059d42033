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

  it('knows what the first ones were decoded to', () => {
    const waiting = new ReadAhead();
    expect([waiting.hasUnseen, waiting.shiftDecoded()]).toEqual([false, undefined]);
    for (const data of ['1', '2', '3']) waiting.push(data, 1);
    expect(waiting.firstUnseen).toBe('1');
    waiting.see('one');
    expect([waiting.firstUnseen, waiting.hasUnseen]).toEqual(['2', true]);
    waiting.see(undefined);
    expect(waiting.shiftDecoded()).toEqual({ data: '1', value: 'one' });
    expect(waiting.shiftDecoded()).toEqual({ data: '2', value: undefined });
    expect(waiting.shiftDecoded()).toBe(undefined);
    expect([waiting.firstUnseen, waiting.shift(), waiting.hasUnseen, waiting.bytes]).toEqual([
      '3',
      '3',
      false,
      0,
    ]);
  });

  it('takes back what was decoded, in front of the rest', () => {
    const waiting = new ReadAhead();
    waiting.push('2', 1);
    waiting.putBack('1', 'one');
    expect(waiting.shiftDecoded()).toEqual({ data: '1', value: 'one' });
    expect([waiting.shiftDecoded(), waiting.isEmpty]).toEqual([undefined, false]);
    waiting.putBack('1', 'one');
    waiting.see('two');
    waiting.clear();
    expect([waiting.isEmpty, waiting.hasUnseen, waiting.shiftDecoded()]).toEqual([true, false, undefined]);
  });
});
