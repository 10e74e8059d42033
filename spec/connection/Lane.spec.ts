import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lane } from '../../src/connection/Lane.ts';
import type { Dropped } from '../../src/core/Dropped.ts';
import type { Overflow } from '../../src/core/Overflow.ts';

/** A lane, and what it reported. */
function open(
  overflow: Overflow<string>,
  limits: { maxQueuedBytes?: number; maxQueuedMessages?: number } = {},
) {
  const reports: Dropped[] = [];
  const all = { maxQueuedBytes: Infinity, maxQueuedMessages: Infinity, ...limits };
  const lane = new Lane(overflow, all, (dropped) => reports.push(dropped));
  return { lane, reports, add: (content: string) => lane.add(content, lane.key(content)) };
}

describe('Lane', () => {
  it.each(['close', 'error', 'dropOldest', 'dropNewest'] as const)(
    '%s: lets everything wait within the bound',
    (overflow) => {
      const { lane, reports, add } = open(overflow, { maxQueuedBytes: 4 });
      add('ab');
      add('cd');
      expect([lane.judge(), lane.count, lane.bytes, reports]).toEqual(['taken', 2, 4, []]);
    },
  );

  it.each(['close', 'error', 'dropOldest', 'dropNewest', 'latest'] as const)(
    '%s: lets one message wait, however large',
    (overflow) => {
      const { lane, add } = open(overflow, { maxQueuedBytes: 1 });
      add('large');
      expect(lane.judge()).toBe('taken');
    },
  );

  it('close: tells of too many bytes, of too many messages, and of too many empty ones', () => {
    for (const limits of [{ maxQueuedBytes: 3 }, { maxQueuedMessages: 1 }]) {
      const { lane, add } = open('close', limits);
      add('ab');
      add('cd');
      expect(lane.judge()).toBe('overflow');
    }
    const { lane, add } = open('close', { maxQueuedBytes: 3 });
    for (let i = 0; i < 4; i++) add('');
    expect(lane.judge()).toBe('overflow');
  });

  it('error: throws, and does not keep what was too much', () => {
    const { lane, reports, add } = open('error', { maxQueuedMessages: 1 });
    add('a');
    const slot = add('b');
    expect(() => lane.judge()).toThrow(expect.objectContaining({ code: 'OVERFLOW' }));
    expect([slot.content, lane.count, reports]).toEqual([undefined, 1, []]);
  });

  it('dropOldest: drops from the front, in one report', () => {
    const { lane, reports, add } = open('dropOldest', { maxQueuedBytes: 5 });
    const slots = ['aa', 'bb', 'cccc'].map(add);
    expect(lane.judge()).toBe('taken');
    expect(slots.map(({ content }) => content)).toEqual([undefined, undefined, 'cccc']);
    expect([reports, lane.count, lane.bytes]).toEqual([[{ count: 2, bytes: 4 }], 1, 4]);
  });

  it('dropNewest: drops what came last', () => {
    const { lane, reports, add } = open('dropNewest', { maxQueuedBytes: 5 });
    const slots = ['aa', 'bb', 'cccc'].map(add);
    expect(lane.judge()).toBe('dropped');
    expect(slots.map(({ content }) => content)).toEqual(['aa', 'bb', undefined]);
    expect(reports).toEqual([{ count: 1, bytes: 4 }]);
  });

  it('conflateBy: puts the newest in the place of the older one', () => {
    const { lane, reports, add } = open({ conflateBy: (message) => message[0] });
    const a = add('a1');
    expect(lane.replace('b1', 'b')).toBe(false);
    expect(lane.replace('a22', 'a')).toBe(true);
    expect([a.content, lane.bytes, lane.count, reports]).toEqual(['a22', 3, 1, [{ count: 1, bytes: 2 }]]);
    lane.left(a);
    expect(lane.replace('a3', 'a')).toBe(false);
  });

  it('conflate: of several that wait, keeps the newest in the place of the first', () => {
    const { lane, reports, add } = open({ conflateBy: (message) => message[0] });
    const slots = ['a1', 'b1', 'a2', 'a3', 'c1'].map(add);
    lane.conflate();
    expect(slots.map(({ content }) => content)).toEqual(['a3', 'b1', undefined, undefined, 'c1']);
    expect([lane.count, lane.bytes, reports]).toEqual([3, 6, [{ count: 2, bytes: 4 }]]);
    expect(lane.replace('a4', 'a')).toBe(true);
    expect(slots[0]!.content).toBe('a4');
  });

  it('takes no promise for a key', () => {
    const { lane } = open({ conflateBy: () => Promise.reject(new Error('no key')) });
    expect(() => lane.key('a')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('keeps its counts whatever happens', () => {
    const overflow = fc.constantFrom<Overflow<string>>('dropOldest', 'dropNewest', 'latest', {
      conflateBy: (m) => m[0],
    });
    const message = fc.string({ maxLength: 4 });
    const step = fc.oneof(
      fc.record({ send: message }),
      fc.constant('leave' as const),
      fc.constant('conflate' as const),
    );
    fc.assert(
      fc.property(overflow, fc.array(step, { maxLength: 60 }), (policy, steps) => {
        const { lane, reports, add } = open(policy, { maxQueuedBytes: 8, maxQueuedMessages: 4 });
        let waiting: ReturnType<typeof add>[] = [];
        let sent = 0;
        let left = 0;
        for (const item of steps) {
          if (item === 'conflate') lane.conflate();
          else if (item === 'leave') {
            const front = waiting.find(({ content }) => content !== undefined);
            if (front) {
              lane.left(front);
              left++;
            }
          } else {
            sent++;
            if (!lane.replace(item.send, lane.key(item.send))) {
              waiting.push(add(item.send));
              lane.judge();
            }
          }
          waiting = waiting.filter(({ content }) => content !== undefined);
          const bytes = waiting.reduce((sum, slot) => sum + slot.bytes, 0);
          const dropped = reports.reduce((sum, { count }) => sum + count, 0);
          expect([lane.count, lane.bytes]).toEqual([waiting.length, bytes]);
          expect(left + dropped + lane.count).toBe(sent);
        }
      }),
    );
  });
});
