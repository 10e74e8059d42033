import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { Pulse } from '../../src/transports/Pulse.ts';

describe('Pulse', () => {
  it('is a transport that was never looked at, and is in no line', () => {
    const transport: Pulse = new MemoryTransport(new VirtualTimeScheduler());
    expect(transport).toBeInstanceOf(Pulse);
    expect(transport).toMatchObject({ seen: 0, quiet: 0, isAsked: false });
    expect(transport.next).toBe(transport);
  });
});
