import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { Opener } from '../../src/server/Opener.ts';
import { serverStatistics } from '../../src/server/ServerStatistics.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';
import { handshake } from '../connection/contract/Pair.ts';

const transport = (): MemoryTransport => new MemoryTransport(new VirtualTimeScheduler());

describe('Opener', () => {
  it('makes connections that are counted and limited', () => {
    const statistics = serverStatistics();
    const opener = new Opener({ statistics, maxMessagesPerSecond: 1 });
    const connection = opener.open(transport(), handshake, { name: 'Ada' });
    expect(connection).toMatchObject({ context: { name: 'Ada' }, handshake, state: 'open' });
    expect(connection.engine.incoming.meter).toBeDefined();
    expect(statistics.snapshot()).toMatchObject({ open: 1, accepted: 1 });
  });

  it('counts and limits nothing by itself', () => {
    const { engine } = new Opener({}).open(transport(), handshake, undefined);
    expect([engine.incoming.meter, engine.settings.counts]).toEqual([undefined, undefined]);
  });
});
