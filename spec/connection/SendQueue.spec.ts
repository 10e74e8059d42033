import { describe, expect, it } from '@jest/globals';
import { SendQueue } from '../../src/connection/SendQueue.ts';
import { Fragment } from '../../src/core/Fragment.ts';
import { Ping } from '../../src/core/Ping.ts';
import { Prepared } from '../../src/core/Prepared.ts';

const bytes = Uint8Array.of(1, 2, 3);

describe('SendQueue', () => {
  it('guesses cheaply, and knows when it is asked or measured', () => {
    const queue = new SendQueue();
    for (const outbound of ['éé', bytes, new Prepared(0, 'é')]) queue.push(outbound);
    expect([queue.length, queue.atLeastBytes, queue.bytes]).toEqual([3, 2 + 3 + 2, 4 + 3 + 2]);
    queue.items.shift();
    queue.measure();
    expect([queue.length, queue.atLeastBytes, queue.bytes]).toEqual([2, 5, 5]);
    queue.push('é');
    expect([queue.atLeastBytes, queue.bytes]).toEqual([7, 7]);
  });

  it('counts cheaply again once it was empty', () => {
    const queue = new SendQueue();
    queue.push('é');
    queue.items.shift();
    queue.measure();
    queue.push('é');
    expect([queue.atLeastBytes, queue.bytes]).toEqual([1, 2]);
  });

  it('says what was in it when all is dropped: messages, not pings', () => {
    const queue = new SendQueue();
    expect(queue.drop()).toEqual({ count: 0, bytes: 0 });
    for (const outbound of ['é', bytes, new Ping(bytes)]) queue.push(outbound);
    expect(queue.drop()).toEqual({ count: 2, bytes: 5 });
    expect([queue.length, queue.bytes, queue.atLeastBytes]).toEqual([0, 0, 0]);
  });

  it('counts a message in parts once, by its last part', () => {
    const queue = new SendQueue();
    for (const [data, first, last] of [
      ['a', true, false],
      ['bc', false, false],
      ['', false, true],
    ] as const) {
      queue.push(new Fragment(data, first, last));
    }
    expect(queue.drop()).toEqual({ count: 1, bytes: 3 });
  });
});
