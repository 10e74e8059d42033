import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Numbered, StreamOrder } from '../../../src/topics/nats/StreamOrder.ts';

function ordering(next: (sequence: number) => void = () => undefined) {
  const told: unknown[] = [];
  const order = new StreamOrder<Numbered>(
    ({ sequence }) => {
      told.push(sequence);
      next(sequence);
    },
    () => told.push('missed'),
  );
  /** Of one subject: its number, and that of the one before it. */
  const take = (sequence: number, before: number, subject = 'a'): void =>
    order.take({ subject, sequence, before });
  return { order, take, told };
}

describe('StreamOrder', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    // Each spec ends with nothing left to wait for.
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('tells what comes in order at once', () => {
    const { order, take, told } = ordering();
    order.begin(0);
    take(1, 0);
    take(2, 1);
    take(5, 2);
    expect(told).toEqual([1, 2, 5]);
  });

  it('puts what comes too early behind the one before it, on each subject', () => {
    const { order, take, told } = ordering();
    order.begin(10);
    take(14, 13);
    take(13, 11);
    take(12, 0, 'b');
    expect(told).toEqual([12]);
    take(11, 7);
    expect(told).toEqual([12, 11, 13, 14]);
    take(15, 14);
    expect(told).toEqual([12, 11, 13, 14, 15]);
  });

  it('leaves out what came before it began, and what came already', () => {
    const { order, take, told } = ordering();
    take(5, 4);
    take(7, 6);
    take(6, 5);
    expect(told).toEqual([]);
    order.begin(5);
    expect(told).toEqual([6, 7]);
    take(7, 6);
    take(4, 3);
    expect(told).toEqual([6, 7]);
  });

  it('says that one was missed when it has not come for 2 s, and begins again then', () => {
    const { order, take, told } = ordering();
    order.begin(0);
    take(3, 2);
    jest.advanceTimersByTime(1_000);
    take(4, 3);
    take(2, 1);
    jest.advanceTimersByTime(999);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual(['missed']);
    take(5, 4);
    order.stop();
    order.begin(5);
    take(6, 5);
    expect(told).toEqual(['missed', 6]);
  });

  it('gives each its own 2 s', () => {
    const { order, take, told } = ordering();
    order.begin(0);
    take(2, 1);
    jest.advanceTimersByTime(1_500);
    take(4, 3);
    take(1, 0);
    jest.advanceTimersByTime(1_999);
    expect(told).toEqual([1, 2]);
    take(3, 2);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('waits for nothing any more once it has stopped, also by who is told', () => {
    const { order, take, told } = ordering((sequence) => {
      if (sequence === 1) order.stop();
    });
    order.begin(0);
    take(2, 1);
    take(1, 0);
    expect(told).toEqual([1]);
  });

  it('keeps order where who is told takes the next', () => {
    const { order, take, told } = ordering((sequence) => {
      if (sequence === 1) take(4, 3);
      if (sequence === 2) take(3, 2);
    });
    order.begin(0);
    take(2, 1);
    take(1, 0);
    expect(told).toEqual([1, 2, 3, 4]);
    jest.advanceTimersByTime(2_000);
  });

  it('forgets of many subjects those that were silent longest, and loses none of theirs', () => {
    const { order, take, told } = ordering();
    order.begin(0);
    for (let sequence = 1; sequence <= 10_001; sequence++) take(sequence, 0, String(sequence));
    take(10_002, 1, '1');
    take(10_003, 10_002, '1');
    expect(told).toHaveLength(10_003);
  });
});
