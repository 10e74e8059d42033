import { describe, expect, it, jest } from '@jest/globals';
import { Lanes } from '../../src/connection/Lanes.ts';
import { Fragment } from '../../src/core/Fragment.ts';

const open = () =>
  new Lanes({ overflow: 'dropNewest', maxQueuedBytes: 2, maxQueuedMessages: Infinity }, () => {});

describe('Lanes', () => {
  it('has one lane for the connection, and one for parts, of which none is left out', () => {
    const lanes = open();
    expect(lanes.of('text')).toBe(lanes.main);
    expect(lanes.of(new Fragment('a', true, false))).toBe(lanes.parts);
    expect([lanes.main.overflow, lanes.parts.overflow]).toEqual(['dropNewest', 'close']);
  });

  it('tells what is dropped of all, and each source of its own', () => {
    const lanes = open();
    const all = jest.fn();
    const own = jest.fn();
    lanes.dropped.subscribe({ next: all, complete: () => all('over') });
    const lane = lanes.add('dropNewest', own);
    for (const target of [lanes.main, lane]) {
      for (const content of ['aa', 'b']) target.add(content, undefined);
      target.judge();
    }
    lane.report({ count: 0, bytes: 0 });
    lanes.end();
    expect(all.mock.calls).toEqual([[{ count: 1, bytes: 1 }], [{ count: 1, bytes: 1 }], ['over']]);
    expect(own.mock.calls).toEqual([[{ count: 1, bytes: 1 }]]);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('told');
      },
    ],
    ['rejects', () => Promise.reject(new Error('told'))],
  ])('goes on where a function that is told of drops %s', async (_, told) => {
    const failed = jest.fn();
    const lanes = new Lanes({ overflow: 'close', maxQueuedBytes: 2, maxQueuedMessages: Infinity }, failed);
    const all = jest.fn();
    lanes.dropped.subscribe(all);
    lanes.add('close', told as () => void).report({ count: 1, bytes: 1 });
    await Promise.resolve();
    expect([all.mock.calls.length, failed.mock.calls.length]).toEqual([1, 1]);
  });

  it('has nothing more to tell once it has ended', () => {
    const lanes = open();
    lanes.end();
    const complete = jest.fn();
    lanes.dropped.subscribe({ complete });
    expect(complete).toHaveBeenCalledTimes(1);
  });
});
