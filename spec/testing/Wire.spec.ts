import { once } from 'node:events';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import { scheduledClock } from '../../src/core/scheduledClock.ts';
import { Wire, type WireConfig } from '../../src/testing/Wire.ts';
import { nodeClock } from '../../src/transports/ws/nodeClock.ts';
import { turns } from './starting.ts';

describe('Wire', () => {
  const time = new VirtualTimeScheduler();
  let closed: jest.Mock;
  const within = jest.fn((task: () => unknown) => task());
  const make = (more: Partial<WireConfig> = {}): Wire =>
    new Wire(
      {
        clock: scheduledClock(nodeClock, time),
        latencyMs: 0,
        chunkBytes: Infinity,
        bufferBytes: 10,
        serverPort: 8080,
        clientPort: 32_768,
        encrypted: false,
        within: within as WireConfig['within'],
        ...more,
      },
      closed,
    );
  beforeEach(() => {
    closed = jest.fn();
  });
  const ends = ({ client, server }: Wire) => [client, server] as const;
  const closes = (wire: Wire): Promise<unknown> => Promise.all(ends(wire).map((end) => once(end, 'close')));
  const errors = (wire: Wire): Promise<unknown[]> =>
    Promise.all(ends(wire).map(async (end) => ((await once(end, 'error')) as unknown[])[0]));

  it('joins two ends, and tells once that both are closed', async () => {
    const wire = make({ encrypted: true });
    expect(within).toHaveBeenCalledTimes(1);
    expect(wire.client).toMatchObject({ localPort: 32_768, remotePort: 8080, encrypted: true });
    expect(wire.server).toMatchObject({ localPort: 8080, remotePort: 32_768, encrypted: true });
    const heard: string[] = [];
    for (const end of ends(wire)) end.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
    wire.client.end('question');
    await once(wire.server, 'end');
    // The server's end may be half open.
    wire.server.end('answer');
    await closes(wire);
    expect(heard).toEqual(['question', 'answer']);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('ends the client with its server', async () => {
    const wire = make();
    wire.server.end();
    wire.server.resume();
    wire.client.resume();
    await closes(wire);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it.each(['client', 'server'] as const)('stalls the %s, and no other', async (end) => {
    const wire = make();
    const other = end === 'client' ? 'server' : 'client';
    wire.stall(end);
    wire[end].write('a');
    wire[other].write('b');
    await turns(5);
    expect([wire[end].readableLength, wire[other].readableLength]).toEqual([0, 1]);
    wire.resume(end);
    await turns(5);
    expect(wire[end].readableLength).toBe(1);
    wire.cut();
  });

  it('lets who writes wait for an end that does not read', async () => {
    const wire = make();
    wire.stall('server');
    wire.client.write('x'.repeat(10));
    expect(wire.client.writableLength).toBe(0);
    wire.client.write('y');
    expect(wire.client.writableLength).toBe(1);
    wire.resume('server');
    await turns(5);
    expect(wire.client.writableLength).toBe(0);
    wire.cut();
  });

  it('resets both ends, though one is stalled', async () => {
    const wire = make({ latencyMs: 20 });
    wire.stall('client');
    wire.server.write('lost');
    const seen = errors(wire);
    wire.reset();
    expect(await seen).toMatchObject([{ code: 'ECONNRESET' }, { code: 'ECONNRESET' }]);
    await turns(5);
    expect(closed).toHaveBeenCalledTimes(1);
    expect(time.actions).toEqual([]);
  });

  it('answers who writes to an end that is gone with a reset, and who only ends with nothing', async () => {
    const gone = make();
    gone.server.destroy();
    const failed = once(gone.client, 'error');
    gone.client.write('anybody there?');
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    const quiet = make();
    quiet.server.destroy();
    quiet.client.resume();
    await closes(quiet);
  });

  it('resets who waits for an end that is gone, though it was stalled', async () => {
    const wire = make();
    wire.stall('client');
    wire.server.write('x'.repeat(20));
    wire.server.end();
    const failed = once(wire.server, 'error');
    wire.client.destroy();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    await turns(5);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('hurries: what is under way arrives at once', async () => {
    const wire = make({ latencyMs: 20 });
    wire.stall('server');
    wire.client.write('a');
    wire.hurry();
    await turns(5);
    expect(wire.server.readableLength).toBe(1);
    wire.cut();
  });

  it('cuts both ends without an error', async () => {
    const wire = make();
    const seen = closes(wire);
    wire.cut();
    await seen;
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
