import { describe, expect, it, jest } from '@jest/globals';
import { Observers } from '../../../src/client/webSocket/Observers.ts';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('Observers', () => {
  it('tells each of what it watches', () => {
    const config = {
      openObserver: { next: jest.fn() },
      closingObserver: { next: jest.fn() },
      closeObserver: { next: jest.fn() },
      dropped: jest.fn(),
    };
    const observers = new Observers(config);
    observers.open({ type: 'open' } as never);
    observers.closing();
    observers.close({ type: 'close' } as never);
    expect(observers.dropped({ count: 1, bytes: 2 })).toBe(true);
    expect(config.openObserver.next.mock.calls).toEqual([[{ type: 'open' }]]);
    expect(config.closingObserver.next).toHaveBeenCalledTimes(1);
    expect(config.closeObserver.next.mock.calls).toEqual([[{ type: 'close' }]]);
    expect(config.dropped.mock.calls).toEqual([[{ count: 1, bytes: 2 }]]);
  });

  it('needs none', () => {
    const observers = new Observers({});
    observers.open({ type: 'open' } as never);
    observers.closing();
    observers.close({ type: 'close' } as never);
    expect(observers.dropped({ count: 1, bytes: 2 })).toBe(false);
  });

  it('hands what they throw, or reject with, to onError', async () => {
    const onError = jest.fn();
    const failed = (name: string) => new Error(name);
    const observers = new Observers({
      onError,
      openObserver: {
        next: () => {
          throw failed('open');
        },
      },
      // By its type it gives nothing, and yet an async function may be given.
      closingObserver: { next: (() => Promise.reject(failed('closing'))) as () => void },
      closeObserver: {
        next: () => {
          throw failed('close');
        },
      },
      dropped: () => {
        throw failed('dropped');
      },
    });
    observers.open({ type: 'open' } as never);
    observers.closing();
    observers.close({ type: 'close' } as never);
    expect(observers.dropped({ count: 1, bytes: 2 })).toBe(true);
    await turn();
    expect(onError.mock.calls.map(([error]) => (error as Error).message).sort()).toEqual([
      'close',
      'closing',
      'dropped',
      'open',
    ]);
  });
});
