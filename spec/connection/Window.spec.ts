import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { connectionSettings } from '../../src/connection/ConnectionConfig.ts';
import { Lanes } from '../../src/connection/Lanes.ts';
import { Window } from '../../src/connection/Window.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';

let scheduler: VirtualTimeScheduler;
beforeEach(() => {
  scheduler = new VirtualTimeScheduler();
});

/** A window of 4 bytes, 1 of them the low mark, and what the peer saw of it. */
function open(stalledTimeoutMs = Infinity) {
  const transport = new MemoryTransport(scheduler);
  const settings = connectionSettings({ highWaterBytes: 4, lowWaterBytes: 1, stalledTimeoutMs });
  const events = { lanes: new Lanes(settings, () => {}), flushed: jest.fn(), stalled: jest.fn() };
  const window = new Window(transport, settings, events);
  transport.open({ drained: () => window.drained() } as never);
  const seen: unknown[] = [];
  transport.peer.received.subscribe((item) => seen.push(item));
  return { transport, window, events, seen };
}

describe('Window', () => {
  it('writes what was queued in one turn at its end, in one call', () => {
    const { transport, window, seen } = open();
    window.push('a');
    window.push('b');
    expect(seen).toEqual([]);
    scheduler.flush();
    expect([seen, transport.framesOf('write').length]).toEqual([['a', 'b'], 1]);
  });

  it('writes at once what fills it, and counts the writes', () => {
    const { window, seen } = open();
    for (const text of ['ab', 'cd', 'e']) window.push(text);
    expect([seen, window.writes]).toEqual([['ab', 'cd'], 1]);
    scheduler.flush();
    expect([seen, window.writes]).toEqual([['ab', 'cd', 'e'], 2]);
  });

  it('is full when something had to stay, and no more when most has left and nothing waits', () => {
    const { transport, window, seen } = open();
    transport.peer.stop();
    for (const text of ['ab', 'cd', 'ef']) window.push(text);
    scheduler.flush();
    expect([window.isFull, window.queue.bytes, transport.bufferedBytes]).toEqual([true, 2, 4]);
    transport.peer.take(1);
    scheduler.flush();
    // Two bytes are under way, one is the low mark.
    expect([window.isFull, window.queue.bytes]).toEqual([true, 2]);
    transport.peer.take(1);
    scheduler.flush();
    expect([window.isFull, window.queue.bytes, transport.bufferedBytes]).toEqual([true, 0, 2]);
    transport.peer.start();
    scheduler.flush();
    expect([window.isFull, seen]).toEqual([false, ['ab', 'cd', 'ef']]);
  });

  it('does not write while it is full, however much is pushed', () => {
    const { transport, window } = open();
    transport.peer.stop(0);
    window.push('a');
    scheduler.flush();
    const { writes } = window;
    for (let i = 0; i < 10; i++) window.push('more');
    scheduler.flush();
    expect(window.writes).toBe(writes);
  });

  it('tells when the peer has read nothing for too long, and only then', () => {
    const { transport, window, events } = open(100);
    transport.peer.stop();
    for (const text of ['ab', 'cd', 'ef']) window.push(text);
    scheduler.schedule(() => transport.peer.take(1), 90);
    scheduler.schedule(() => expect(events.stalled).not.toHaveBeenCalled(), 189);
    scheduler.schedule(() => expect(events.stalled).toHaveBeenCalledTimes(1), 192);
    scheduler.flush();
    expect.assertions(2);
  });

  it('tells it of one message too that is larger than the window, with nothing behind it', () => {
    const { transport, window, events } = open(100);
    transport.peer.stop();
    window.push('larger than the window');
    scheduler.schedule(() => expect(events.stalled).not.toHaveBeenCalled(), 99);
    scheduler.schedule(() => expect(events.stalled).toHaveBeenCalledTimes(1), 102);
    scheduler.flush();
    expect(window.isFull).toBe(false);
    expect.assertions(3);
  });

  it('waits no more where that one has left', () => {
    const { transport, window, events } = open(100);
    transport.peer.stop();
    window.push('larger than the window');
    scheduler.schedule(() => transport.peer.start(), 90);
    scheduler.flush();
    expect([events.stalled.mock.calls.length, transport.bufferedBytes]).toEqual([0, 0]);
  });

  it('watches nothing once it has ended', () => {
    const { transport, window, events } = open(100);
    transport.peer.stop(0);
    window.push('a');
    scheduler.schedule(() => window.end(), 50);
    scheduler.flush();
    expect(events.stalled).not.toHaveBeenCalled();
  });
});
