import { describe, expect, it, jest } from '@jest/globals';
import { Backpressure } from '../../src/connection/Backpressure.ts';
import { connectionSettings } from '../../src/connection/ConnectionConfig.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { run } from './marbles.ts';

const settings = connectionSettings({ readAheadBytes: 100, maxQueuedBytes: 200, unreadTimeoutMs: 5 });

describe('Backpressure', () => {
  it('pauses when much waits, and resumes when most has gone', () =>
    run(({ scheduler }) => {
      const transport = new MemoryTransport(scheduler);
      const pressure = new Backpressure({ transport, settings, exceeded: () => {} });
      const paused = [99, 100, 26, 25, 24, 100].map((bytes) => {
        pressure.settle(true, bytes, false);
        return pressure.isPaused;
      });
      expect(paused).toEqual([false, true, true, true, false, true]);
      pressure.settle(false, 0, false);
      expect(pressure.isPaused).toBe(false);
      expect([transport.framesOf('pause'), transport.framesOf('resume')]).toEqual([
        [0, 0],
        [0, 0],
      ]);
    }));

  it('rings where what waits is unread for too long, and not where it was read or held meanwhile', () => {
    const rung: number[] = [];
    run(({ scheduler, does }) => {
      const transport = new MemoryTransport(scheduler);
      const exceeded = (): void => void rung.push(scheduler.now());
      const pressure = new Backpressure({ transport, settings, exceeded });
      does('u---h----u', {
        u: () => pressure.settle(true, 1, true),
        h: () => pressure.settle(true, 1, false),
      });
    });
    expect(rung).toEqual([14]);
  });

  it('rings at once where the platform cannot pause', () => {
    const exceeded = jest.fn();
    run(({ scheduler }) => {
      const capabilities = { hold: false, ping: false, fragments: false };
      const transport = new MemoryTransport(scheduler, { capabilities });
      const pressure = new Backpressure({ transport, settings, exceeded });
      pressure.settle(true, 200, false);
      expect(exceeded).not.toHaveBeenCalled();
      pressure.settle(true, 201, false);
    });
    expect(exceeded).toHaveBeenCalledWith(1008, 'messages are not read');
  });
});
