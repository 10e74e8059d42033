import { describe, expect, it } from '@jest/globals';
import type { BusSink } from '../../src/topics/Bus.ts';
import { MemorySubscriptions } from '../../src/topics/MemorySubscriptions.ts';

const sink = (): BusSink => ({
  message: () => undefined,
  lost: () => undefined,
  ready: () => undefined,
  failed: () => undefined,
  foreign: () => undefined,
});

describe('MemorySubscriptions', () => {
  it('finds those of a topic and of patterns, until they leave', () => {
    const subscriptions = new MemorySubscriptions();
    const [a, b, rooms] = [sink(), sink(), sink()];
    const leave = [
      subscriptions.add('room:a', a),
      subscriptions.add('room:a', b),
      subscriptions.add({ pattern: 'room:*' }, rooms),
    ];
    const before = subscriptions.of('room:a');
    expect(before).toEqual([a, b, rooms]);
    expect(subscriptions.of('room:b')).toEqual([rooms]);
    expect(subscriptions.of('room:*')).toEqual([rooms]);
    expect(subscriptions.of('other')).toEqual([]);
    leave[0]!();
    leave[0]!();
    expect(subscriptions.of('room:a')).toEqual([b, rooms]);
    leave[1]!();
    leave[2]!();
    expect(subscriptions.of('room:a')).toEqual([]);
    expect(before).toHaveLength(3);
  });
});
