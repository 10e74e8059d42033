import { describe, expect, it } from '@jest/globals';
import { TestScheduler } from 'rxjs/testing';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { runMarbles } from '../../src/testing/runMarbles.ts';

describe('MemoryPulse', () => {
  it('keeps nobody alive unless it is asked to', () => {
    const scheduler = new TestScheduler(() => {});
    const transport = new MemoryTransport(scheduler);
    transport.startKeepAlive(undefined);
    transport.startKeepAlive(false);
    expect(scheduler.actions).toHaveLength(0);
    transport.startKeepAlive({});
    expect(scheduler.actions).toHaveLength(1);
  });

  it('goes on in a marble test as long as its diagrams do', () => {
    runMarbles(({ connection, expectPinged }) => {
      const c = connection('', {}, { keepAlive: { intervalMs: 10 } });
      void c.messages;
      expectPinged(c).toBe('10ms p 9ms p 9ms p');
    });
  });
});
