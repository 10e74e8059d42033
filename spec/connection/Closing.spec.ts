import { beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { Closing } from '../../src/connection/Closing.ts';
import type { TransportEnd } from '../../src/core/Transport.ts';
import { MemoryTransport } from '../../src/testing/MemoryTransport.ts';

let scheduler: VirtualTimeScheduler;
beforeEach(() => {
  scheduler = new VirtualTimeScheduler();
});

const LOST: TransportEnd = { code: 1006, reason: '', wasClean: false, by: 'network' };
const ECHO: TransportEnd = { code: 1000, reason: '', wasClean: true, by: 'local' };
const PEER: TransportEnd = { code: 4000, reason: 'bye', wasClean: true, by: 'peer' };

describe('Closing', () => {
  it('tells how long it was open, and else what the socket says, where nothing was meant here', () => {
    const closing = new Closing(new MemoryTransport(scheduler), 0);
    scheduler.schedule(() => expect(closing.info(LOST)).toEqual({ ...LOST, openMs: 30 }), 30);
    scheduler.flush();
    expect.assertions(1);
  });

  it('tells what was meant here, unless the peer closed first', () => {
    const closing = new Closing(new MemoryTransport(scheduler), 0);
    const error = new Error('why');
    closing.intent = { code: 1011, reason: 'x', error };
    const meant = { code: 1011, reason: 'x', error, by: 'local', openMs: 0 };
    expect(closing.info(ECHO)).toEqual({ ...meant, wasClean: true });
    expect(closing.info(LOST)).toEqual({ ...meant, wasClean: false });
    expect(closing.info(PEER)).toEqual({ ...PEER, openMs: 0 });
  });

  it('counts as lost what was given up, though the peer answers', () => {
    const closing = new Closing(new MemoryTransport(scheduler), 0);
    closing.intent = { code: 1013, reason: '' };
    closing.isLost = true;
    expect(closing.info(ECHO)).toMatchObject({ code: 1013, wasClean: false });
  });

  it('cuts at the last deadline that was set, and not once it is cleared', () => {
    const cuts = (clear: boolean): readonly number[] => {
      const transport = new MemoryTransport(scheduler);
      const closing = new Closing(transport, 0);
      closing.cutAfter(10);
      closing.cutAfter(50);
      if (clear) closing.clear();
      scheduler.flush();
      return transport.framesOf('terminate');
    };
    expect(cuts(false)).toEqual([50]);
    expect(cuts(true)).toEqual([]);
  });
});
