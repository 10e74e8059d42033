import { describe, expect, it } from '@jest/globals';
import { Lane } from '../../src/connection/Lane.ts';
import { SendQueue } from '../../src/connection/SendQueue.ts';
import { Fragment } from '../../src/core/Fragment.ts';
import { Ping } from '../../src/core/Ping.ts';
import { Prepared } from '../../src/core/Prepared.ts';

const bytes = Uint8Array.of(1, 2, 3);
const limits = { maxQueuedBytes: 100, maxQueuedMessages: Infinity };
const lane = (overflow: 'close' | 'latest' = 'close') => new Lane(overflow, limits, () => {});

const all = (queue: SendQueue): unknown[] => {
  const items: unknown[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
};

describe('SendQueue', () => {
  it('guesses what a turn has, and knows the bytes when it is asked', () => {
    const queue = new SendQueue();
    for (const outbound of ['éé', bytes, new Prepared(0, 'é')]) queue.push(outbound);
    expect([queue.turnBytes, queue.bytes]).toEqual([2 + 3 + 2, 4 + 3 + 2]);
  });

  it('gives a slot to all that stays but pings, and keeps the order', () => {
    const queue = new SendQueue();
    const main = lane();
    const ping = new Ping(bytes);
    for (const outbound of ['a', ping, bytes]) queue.push(outbound);
    queue.settle(() => main);
    expect([main.count, main.bytes]).toEqual([2, 4]);
    expect(all(queue)).toEqual(['a', ping, bytes]);
    expect([main.count, main.bytes, queue.isEmpty]).toEqual([0, 0, true]);
  });

  it('passes over slots that were emptied, wherever they are', () => {
    const queue = new SendQueue();
    const main = lane();
    const slots = ['a', 'b', 'c', 'd'].map((content) => main.add(content, undefined));
    slots.forEach((slot) => queue.push(slot));
    for (const index of [0, 2, 3]) main.drop(slots[index]!);
    expect([queue.at(0), queue.bytes]).toEqual(['b', 1]);
    expect(all(queue)).toEqual(['b']);
    expect(queue.isEmpty).toBe(true);
  });

  it('lets a lane keep no more than the newest when it has to stay', () => {
    const queue = new SendQueue();
    const latest = lane('latest');
    for (const content of ['a', 'b', 'c']) queue.push(latest.add(content, latest.key(content)));
    queue.push('other');
    const main = lane();
    queue.settle(() => main);
    expect(all(queue)).toEqual(['c', 'other']);
  });

  it('tells each lane what was dropped of its own when all is: messages, not pings', () => {
    const queue = new SendQueue();
    const reports: unknown[] = [];
    const main = new Lane('close', limits, (dropped) => reports.push(['main', dropped]));
    const other = new Lane('close', limits, (dropped) => reports.push(['other', dropped]));
    queue.drop(() => main);
    expect(reports).toEqual([]);
    for (const item of ['é', bytes, new Ping(bytes), other.add('abc', undefined)]) queue.push(item);
    queue.drop(() => main);
    expect(reports).toEqual([
      ['main', { count: 2, bytes: 5 }],
      ['other', { count: 1, bytes: 3 }],
    ]);
    expect([queue.isEmpty, queue.bytes, other.count]).toEqual([true, 0, 0]);
  });

  it('counts a message in parts once, by its last part', () => {
    const queue = new SendQueue();
    const reports: unknown[] = [];
    const parts = [
      new Fragment('a', true, false),
      new Fragment('bc', false, false),
      new Fragment('', false, true),
    ];
    for (const part of parts) queue.push(part);
    const ofParts = new Lane('close', limits, (dropped) => reports.push(dropped));
    queue.drop(() => ofParts);
    expect(reports).toEqual([{ count: 1, bytes: 3 }]);
  });
});
