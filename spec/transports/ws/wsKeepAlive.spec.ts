import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, type Observable, take, toArray, VirtualTimeScheduler } from 'rxjs';
import type { Connection } from '../../../src/connection/Connection.ts';
import type { CloseInfo } from '../../../src/core/CloseInfo.ts';
import { scheduledClock } from '../../../src/core/scheduledClock.ts';
import { dial } from '../../../src/client/dial.ts';
import type { ListenConfig } from '../../../src/server/ListenConfig.ts';
import { listen } from '../../../src/server/listen.ts';
import { loopback } from '../../../src/testing/loopback.ts';
import { nodeClock } from '../../../src/transports/ws/nodeClock.ts';
import { wsKeepAlive } from '../../../src/transports/ws/wsKeepAlive.ts';
import { serving } from '../../server/serving.ts';
import { clientFrame, UPGRADE } from './wire.ts';

const QUICK = { intervalMs: 60, timeoutMs: 60 };
const LOST = { code: 1006, by: 'network', wasClean: false, error: { code: 'KEEP_ALIVE' } };

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});

/** The first connection of a server, and its peer: a socket that reads, and answers nothing. */
async function accepted(config: ListenConfig): Promise<{ connection: Connection; socket: Socket }> {
  const server = await serving(config);
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  ends.push(
    () => socket.destroy(),
    () => server[Symbol.dispose](),
  );
  socket.write(UPGRADE);
  await once(socket, 'data');
  return { connection: (await server.emitted.next()) as Connection, socket };
}

const end = ({ closed }: { closed: Observable<CloseInfo> }): Promise<CloseInfo> => firstValueFrom(closed);

describe('keep-alive over sockets', () => {
  it('finds a peer that answers nothing', async () => {
    const { connection, socket } = await accepted({ keepAlive: QUICK });
    const pings: Buffer[] = [];
    socket.on('data', (frame: Buffer) => pings.push(frame));
    connection.messages.subscribe();
    const close = await end(connection);
    expect(close).toMatchObject(LOST);
    expect(close.openMs).toBeGreaterThanOrEqual(119);
    expect(pings.map((frame) => frame[0])).toEqual([0x89]);
  });

  it('leaves alone who sends anything at all: half a frame, now and then', async () => {
    const { connection, socket } = await accepted({ keepAlive: QUICK });
    connection.messages.subscribe();
    const bytes = [...clientFrame(1, 'slow but alive')];
    const drip = setInterval(() => {
      const byte = bytes.shift();
      if (byte === undefined) clearInterval(drip);
      else socket.write(Buffer.of(byte));
    }, 30);
    ends.push(() => clearInterval(drip));
    expect(await firstValueFrom(connection.text)).toBe('slow but alive');
  });

  it('finds a reset under a pause, by writing', async () => {
    const { connection, socket } = await accepted({ keepAlive: QUICK, readAheadBytes: 1 });
    connection.hold();
    socket.write(clientFrame(1, 'x'));
    const arrived = firstValueFrom(connection.frames);
    await arrived;
    socket.resetAndDestroy();
    expect(await end(connection)).toMatchObject({ code: 1006, by: 'network', wasClean: false });
  });

  it('keeps two ends of this library together, and tells their round trips', async () => {
    const server = await serving({ keepAlive: { intervalMs: 40, timeoutMs: 5_000 } });
    ends.push(() => server[Symbol.dispose]());
    const client = await dial({ url: server.url, keepAlive: { intervalMs: 40, timeoutMs: 5_000 } });
    ends.push(() => client.terminate());
    const connection = (await server.emitted.next()) as Connection;
    const trips = connection.roundTripMs.pipe(take(2), toArray());
    for (const ms of await firstValueFrom(trips)) expect(ms).toBeGreaterThan(0);
    expect([client.state, connection.state]).toEqual(['open', 'open']);
  });

  it('lets a client find a server that is gone', async () => {
    const server = await serving({ keepAlive: false, readAheadBytes: 1 });
    ends.push(() => server[Symbol.dispose]());
    const client = await dial({ url: server.url, keepAlive: QUICK });
    const connection = (await server.emitted.next()) as Connection;
    // Paused, it sees no ping.
    connection.hold();
    client.send('x');
    expect(await end(client)).toMatchObject(LOST);
    connection.terminate();
  });

  it('is on by the clock of the machine, and by another one where it is asked for', () => {
    const virtual = scheduledClock(nodeClock, new VirtualTimeScheduler());
    expect(wsKeepAlive(nodeClock, undefined)).toBeDefined();
    expect(wsKeepAlive(nodeClock, false)).toBeUndefined();
    expect(wsKeepAlive(virtual, undefined)).toBeUndefined();
    expect(wsKeepAlive(virtual, {})).toBeDefined();
  });

  it('counts what a stream reads that is no socket', async () => {
    await using net = loopback(listen({ port: 8080, keepAlive: { intervalMs: 40, timeoutMs: 5_000 } }));
    await using client = await net.dial({ url: 'ws://localhost:8080', keepAlive: false });
    const connection = await firstValueFrom(net.server);
    const trips = await firstValueFrom(connection.roundTripMs.pipe(take(2), toArray()));
    expect(trips).toHaveLength(2);
    expect(client.state).toBe('open');
  });
});
